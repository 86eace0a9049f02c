"""Holds what a program reads against the truth: a file with a line for each cell of the forms, with how many figures and their sum."""

import sys
from decimal import Decimal, getcontext

# Sums of many large figures are exact, too.
getcontext().prec = 60


def read(path):
    """The cell by its name: how many figures, and their sum."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines]
    return {cell: (int(count), Decimal(total)) for cell, count, total in rows}


def hold(sums, path, reports):
    """Ends the program with all differences, if there are any. `sums` and `reports` are what was read."""
    truth = read(path)
    expected = int(truth.pop("reports")[0])
    wrong = [f"{reports} reports, right is {expected}"] if reports != expected else []
    for cell in sorted(sums.keys() | truth.keys()):
        got, right = sums.get(cell), truth.get(cell)
        if got != right:
            wrong.append(f"{cell}: {got}, right is {right}")
    if len(truth) < 100:
        wrong.append(f"the truth has {len(truth)} cells")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(truth)} sums of {reports} reports are right")
