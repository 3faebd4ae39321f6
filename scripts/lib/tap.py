# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a test program that prints TAP, and says what it printed.  Shared by scripts/test and scripts/mutate."""

import os
import re
import signal
import subprocess
import time

RESULT = re.compile(r"^(not )?ok\b(?:\s+\d+)?\s*(?:-\s*)?(.*?)(?:\s*#\s*(SKIP|TODO)\b\s*(.*))?$", re.I)
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*SKIP\b\s*(.*))?$", re.I)

# Criterion only warns of a test that a sanitizer ends once its body has passed.
TEARDOWN = re.compile(r"The test `[^`]*` \w+ during its setup or teardown")

PASS, FAIL, SKIP = "pass", "fail", "skip"


class Case:
    """One test line, with the lines that followed it."""

    def __init__(self, result, name, reason=""):
        self.result, self.name, self.reason, self.detail = result, name, reason, []


def parse(text):
    """The cases of a TAP text, and what is wrong with it as a whole (None: nothing)."""
    cases, plan = [], None
    for line in text.splitlines():
        plan_line = PLAN.match(line)
        result = RESULT.match(line)
        if plan_line and plan is None:
            plan = int(plan_line[1])
            if plan == 0:
                cases.append(Case(SKIP, "everything", plan_line[2] or ""))
                plan = 1
        elif line.startswith("Bail out!"):
            return cases, line
        elif result:
            # Criterion appends the time a test took.
            name = re.sub(r"\s+\([0-9.]+s\)$", "", result[2].strip())
            kind = SKIP if (result[3] or "").upper() == "SKIP" else FAIL if result[1] else PASS
            cases.append(Case(kind, name, result[4] or ""))
        elif cases and not line.startswith("TAP version"):
            cases[-1].detail.append(line)
    if plan is None:
        return cases, "printed no TAP plan"
    if len(cases) != plan:
        return cases, f"planned {plan} tests, reported {len(cases)}"
    if not cases:
        return cases, "ran no test"
    return cases, None


class Run:
    """What became of one test program."""

    def __init__(self, command, env=None, cwd=None, timeout_s=30):
        start = time.monotonic()
        process = subprocess.Popen(
            command, env=env, cwd=cwd, text=True, errors="replace", start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        timed_out = False
        try:
            out, self.err = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            # Ask first, so that a test which made namespaces can remove them.
            timed_out = True
            os.killpg(process.pid, signal.SIGTERM)
            try:
                out, self.err = process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                out, self.err = process.communicate()
        try:
            os.killpg(process.pid, signal.SIGKILL)  # whoever it left behind in its group
        except ProcessLookupError:
            pass
        self.seconds = time.monotonic() - start
        self.cases, wrong = parse(out)
        self.out = out
        if timed_out:
            wrong = f"timed out after {timeout_s} s"
        elif process.returncode < 0:
            wrong = f"killed by {signal.Signals(-process.returncode).name}"
        elif process.returncode != 0 and wrong is None and not self.failed():
            wrong = f"all tests passed, yet the exit code is {process.returncode}"
        elif wrong is None and TEARDOWN.search(self.err):
            wrong = TEARDOWN.search(self.err)[0]
        if wrong:
            self.cases.append(Case(FAIL, wrong))

    def failed(self):
        return [c for c in self.cases if c.result == FAIL]

    def count(self, result):
        return sum(c.result == result for c in self.cases)
