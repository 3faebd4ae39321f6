#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""scripts/lib/tap.py must not take a broken test program for a passing one."""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../../scripts/lib"))
from tap import FAIL, PASS, SKIP, Run, parse  # noqa: E402


def results(text):
    cases, wrong = parse(text)
    return [case.result for case in cases], wrong


def shell(script, **kwargs):
    return [case.name for case in Run(["sh", "-c", script], **kwargs).failed()]


def names_and_results_are_read():
    cases, wrong = parse("1..3\nok 1 - a::b  (0.01s)\nnot ok - c\n  detail\nok # SKIP no AVX2\n")
    return wrong is None and [(c.name, c.result, c.reason) for c in cases] == [
        ("a::b", PASS, ""), ("c", FAIL, ""), ("", SKIP, "no AVX2")] and cases[1].detail == ["  detail"]


def a_plan_may_come_last():
    return results("ok 1 - a\n1..1\n") == ([PASS], None)


def a_skipped_plan_is_a_skip():
    return results("1..0 # SKIP no root\n") == ([SKIP], None)


def no_plan_is_wrong():
    return results("ok 1 - a\n")[1] is not None and results("")[1] is not None


def too_few_results_are_wrong():
    return results("1..2\nok 1 - a\n")[1] is not None


def bailing_out_is_wrong():
    return results("1..1\nok 1 - a\nBail out! disk full\n")[1] is not None


def a_crash_fails():
    return shell("echo 1..1; echo ok 1 - a; kill -SEGV $$") == ["killed by SIGSEGV"]


def an_exit_code_fails():
    return shell("echo 1..1; echo ok 1 - a; exit 3") != []


def a_hang_fails_and_ends():
    return shell("echo 1..1; echo ok 1 - a; sleep 60", timeout_s=0.2) == ["timed out after 0.2 s"]


def passing_passes():
    return shell("echo 1..1; echo ok 1 - a") == []


TESTS = [value for value in list(globals().values())
         if callable(value) and value.__module__ == __name__ and value not in (results, shell)]
print(f"1..{len(TESTS)}")
for number, test in enumerate(TESTS, 1):
    print(f"{'ok' if test() else 'not ok'} {number} - {test.__name__}")
