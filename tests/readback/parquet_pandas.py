"""Parquet by pandas, each file as it is: parquet_pandas.py FOLDER TRUTH"""

import sys

import pandas

import truth

folder, path = sys.argv[1:]
tables = {
    name: pandas.read_parquet(f"{folder}/{name}.parquet")
    for name in ["reports", "cells", "sections", "statements", "findings", "codebook", "loads"]
}

# Words are categories, times are in UTC.
cells = tables["cells"]
for column in ["table_id", "row_id", "column_id", "kind"]:
    assert isinstance(cells[column].dtype, pandas.CategoricalDtype), column
assert str(tables["reports"]["loaded_at"].dtype) == "datetime64[us, UTC]", tables["reports"]["loaded_at"].dtype

sums = {}
figures = cells[cells["value"].notna()]
for (table, row, column), values in figures.groupby(["table_id", "row_id", "column_id"], observed=True)["value"]:
    sums[f"{table}.{row}.{column}"] = (len(values), sum(values))
truth.hold(sums, path, tables["reports"]["path"].nunique())
