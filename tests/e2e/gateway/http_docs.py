# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/HTTP.md are those of constructs.py, in TAP.  Usage: http_docs.py FILE [--update]"""

import difflib
import pathlib
import re
import sys

from gateway.constructs import REQUESTS, RESPONSES

COLUMNS = {
    "requests": ("sent", "status", "reason", "the backend sees"),
    "responses": ("sent by the backend", "status", "reason", "the client gets"),
}


def request_cells(row):
    return row.what, row.status, f"`{row.reason}`" if row.reason else "", row.effect or "nothing"


def response_cells(row):
    return row.what, row.status, f"`{row.reason}`" if row.reason else "", row.effect or "a page of ours"


def table(name, sections, cells):
    lines = []
    for section, rows in sections.items():
        lines += ["", f"**{section}**", "", "| " + " | ".join(COLUMNS[name]) + " |", "|---" * len(COLUMNS[name]) + "|"]
        for row in rows:
            lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells(row)) + " |")
    return "\n".join(lines) + "\n\n"


def with_tables(text):
    for name, sections, cells in (("requests", REQUESTS, request_cells), ("responses", RESPONSES, response_cells)):
        begin, end = f"<!-- {name}, written by tests/e2e/gateway/http_docs.py -->\n", f"<!-- end of {name} -->\n"
        text = re.sub(re.escape(begin) + ".*?" + re.escape(end), lambda _: begin + table(name, sections, cells) + end, text,
                      flags=re.S)
    return text


def main():
    file = pathlib.Path(sys.argv[1])
    wanted = with_tables(file.read_text(encoding="utf-8"))
    if sys.argv[2:] == ["--update"]:
        file.write_text(wanted, encoding="utf-8")
    got = file.read_text(encoding="utf-8")
    complete = all(row.what.replace("|", "\\|") in got for sections in (REQUESTS, RESPONSES) for rows in sections.values()
                   for row in rows)
    print("1..2")
    print(f"{'ok' if got == wanted else 'not ok'} 1 - docs page agrees with constructs.py")
    for line in difflib.unified_diff(got.splitlines(), wanted.splitlines(), "docs", "constructs", lineterm=""):
        print(f"# {line}")
    print(f"{'ok' if complete else 'not ok'} 2 - every construct is in it")
    return 0 if complete and got == wanted else 1


if __name__ == "__main__":
    sys.exit(main())
