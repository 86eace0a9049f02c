"""Parquet by DuckDB, each file as it is: parquet_duckdb.py FOLDER TRUTH"""

import sys

import duckdb

import truth

folder, path = sys.argv[1:]


def rows(sql):
    return duckdb.sql(sql.replace("FOLDER", folder)).fetchall()


# Every file can be read to its end, and its parts belong together.
for name in ["reports", "cells", "sections", "statements", "findings", "codebook", "loads"]:
    rows(f"SELECT * FROM 'FOLDER/{name}.parquet'")
    comments = "SELECT count(*) FROM parquet_kv_metadata('FOLDER/NAME.parquet') WHERE decode(key) LIKE 'gongkai.column.%'"
    columns = "SELECT count(*) FROM (DESCRIBE SELECT * FROM 'FOLDER/NAME.parquet')"
    assert rows(comments.replace("NAME", name)) == rows(columns.replace("NAME", name)), f"{name}: comments of columns"
for name, count in [
    ("cells", "cell_count"),
    ("sections", "section_count"),
    ("statements", "statement_count"),
    ("findings", "error_count + warning_count + note_count"),
]:
    wrong = rows(
        f"SELECT r.path FROM 'FOLDER/reports.parquet' r LEFT JOIN (SELECT report_id, count(*) AS n FROM "
        f"'FOLDER/{name}.parquet' GROUP BY 1) c ON c.report_id = r.report_id WHERE coalesce(c.n, 0) <> {count}"
    )
    assert not wrong, f"{name}: {wrong[:3]}"
orphans = "SELECT count(*) FROM 'FOLDER/cells.parquet' c ANTI JOIN 'FOLDER/reports.parquet' r ON r.report_id = c.report_id"
assert rows(orphans) == [(0,)], "cells without a report"
labelled = (
    "SELECT count(*) FROM 'FOLDER/cells.parquet' c JOIN 'FOLDER/reports.parquet' r ON r.report_id = c.report_id ANTI JOIN "
    "'FOLDER/codebook.parquet' b ON (b.grammar, b.table_id, b.row_id, b.column_id) = (r.grammar, c.table_id, c.row_id, c.column_id)"
)
assert rows(labelled) == [(0,)], "cells that are not in the codebook"

sums = rows(
    "SELECT concat_ws('.', table_id, row_id, column_id), count(value), sum(value) FROM 'FOLDER/cells.parquet' "
    "WHERE value IS NOT NULL GROUP BY 1"
)
reports = rows("SELECT count(DISTINCT path) FROM 'FOLDER/reports.parquet'")[0][0]
truth.hold({cell: (count, total) for cell, count, total in sums}, path, reports)
