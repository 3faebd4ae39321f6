#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_all.py SALLYPORTCTL WORLD: has `sallyportctl trust explain` judge every case that generate.py wrote into WORLD, in TAP.

The verdict and the reason must be those of cases.csv; what it took must be as in results.csv, which is committed, so that a
change of behaviour is a difference of text.  To renew it: judge_all.py SALLYPORTCTL WORLD --update.  The last test is that
each rule fails for the reasons that docs/TRUST.md says, and for no other."""

import concurrent.futures
import csv
import io
import json
import os
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True
from trust_docs import reasons_of_rules  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CASES, RESULTS = HERE / "cases.csv", HERE / "results.csv"
EXITS = {"accepted": 0, "refused": 1, "unjudged": 2}
LIMIT_S = 60
WORK = ("candidates", "signatures")


def judge(command, world, case):
    folder = world / case["id"]
    stores = sorted(path.name for path in folder.glob("store-*.pem"))
    done = subprocess.run([command, "trust", "explain", "--json", "--chain", "chain.pem", "--at", case["at"],
                           *case["options"].split(), *[word for store in stores for word in ("--store", store)]],
                          cwd=folder, capture_output=True, text=True, timeout=LIMIT_S)
    try:
        said = json.loads(done.stdout)
    except ValueError:
        return {"verdict": f"exit {done.returncode}", "reason": done.stderr.strip()[:200]}
    if done.returncode != EXITS[said["verdict"]]:
        return {"verdict": f"{said['verdict']} with exit {done.returncode}", "reason": said["reason"]}
    return said


def row(case, said):
    path = "-".join(entry["source"] for entry in said.get("path", []))
    work = said.get("work", {})
    return [case["id"], said["verdict"], said["reason"], said.get("depth", ""), path, *(work.get(name, "") for name in WORK)]


def text_of(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "verdict", "reason", "depth", "path", *WORK])
    writer.writerows(rows)
    return out.getvalue()


def rules_fail_as_documented(said):
    """What is wrong.  Before a path is looked for no step is told: the reasons of `parse` and most of `limits` are not seen here."""
    documented = {(rule, reason) for rule, reasons in reasons_of_rules().items() for reason in reasons}
    seen = {(step["rule"], step["detail"].split(",")[0]) for answer in said for step in answer.get("steps", [])
            if step["result"] == "fail"}
    unseen = {(rule, reason) for rule, reason in documented - seen if rule not in ("parse", "limits")}
    return [f"docs/TRUST.md does not say: {rule} {reason}" for rule, reason in sorted(seen - documented)] + \
           [f"in no case: {rule} {reason}" for rule, reason in sorted(unseen)]


def main():
    command, world = os.path.realpath(sys.argv[1]), pathlib.Path(sys.argv[2])
    with open(CASES, newline="") as file:
        cases = list(csv.DictReader(file))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda case: judge(command, world, case), cases))
    rows = [row(case, answer) for case, answer in zip(cases, said)]
    if sys.argv[3:] == ["--update"]:
        RESULTS.write_text(text_of(rows))
    committed = set(RESULTS.read_text().splitlines()) if RESULTS.exists() else set()
    failed = 0
    print(f"1..{len(cases) + 1}")
    for number, (case, answer, got) in enumerate(zip(cases, said, rows), 1):
        as_expected = (answer["verdict"], answer["reason"]) == (case["verdict"], case["reason"])
        line = text_of([got]).splitlines()[1]
        good = as_expected and line in committed
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {case['id']}")
        if not as_expected:
            print(f"# {case['rule']}: expected {case['verdict']} {case['reason']}, got {answer['verdict']} {answer['reason']}")
        elif not good:
            print(f"# not in results.csv: {line}")
    wrong = rules_fail_as_documented(said)
    print(f"{'not ok' if wrong else 'ok'} {len(cases) + 1} - rules_fail_as_documented")
    for line in wrong:
        print(f"# {line}")
    return 1 if failed or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
