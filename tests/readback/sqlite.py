"""SQLite by Python's own sqlite3: sqlite.py DATABASE TRUTH"""

import sqlite3
import sys
from decimal import Decimal

import truth

database, path = sys.argv[1:]
base = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
names = base.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*'").fetchall()
assert {"reports", "cells", "sections", "statements", "findings", "codebook", "loads"} <= {name for name, in names}, names
for name in ["reports", "cells", "sections", "statements", "findings", "codebook", "loads"]:
    base.execute(f"SELECT * FROM {name}").fetchall()

sums = {}
for cell, value in base.execute("SELECT table_id || '.' || row_id || '.' || column_id, value FROM cells WHERE value IS NOT NULL"):
    count, total = sums.get(cell, (0, Decimal(0)))
    # A real of the database prints as the decimal that it was given as.
    sums[cell] = (count + 1, total + Decimal(str(value)))
truth.hold(sums, path, base.execute("SELECT count(DISTINCT path) FROM reports").fetchone()[0])
