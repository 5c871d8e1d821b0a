"""Fill in the sha256 of every row of data/sources.csv; fail if a file has no row, or a row no file.

    python -m scripts.build_sources [MORE_ROWS.csv ...]

Further tables with the same columns are merged first; a row for the same file replaces the older one.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from geo.datafiles import DATA, sha256

COLUMNS = ("file", "origin", "licence", "date", "sha256", "script")


def main(further: list[Path]) -> int:
    """Rewrite data/sources.csv and return the exit code."""
    table = DATA / "sources.csv"
    rows: dict[str, dict[str, str]] = {}
    for file in [*([table] if table.is_file() else []), *further]:
        with file.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                name = row["file"].removeprefix("data/")
                rows[name] = {**{column: (row.get(column) or "").strip() for column in COLUMNS}, "file": name}
    found = {file.relative_to(DATA).as_posix() for file in DATA.rglob("*") if file.is_file() and not file.name.startswith(".")} - {
        "sources.csv"
    }
    for name in sorted(found - set(rows)):
        print(f"data/{name} has no row in data/sources.csv: say where it comes from.", file=sys.stderr)
    for name in sorted(set(rows) - found):
        print(f"data/sources.csv has a row for {name}, which is not in data/.", file=sys.stderr)
    for name in found & set(rows):
        rows[name]["sha256"] = sha256(DATA / name)
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[name] for name in sorted(rows))
    return 1 if found ^ set(rows) else 0


if __name__ == "__main__":
    raise SystemExit(main([Path(argument) for argument in sys.argv[1:]]))
