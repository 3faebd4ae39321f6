# SPDX-License-Identifier: GPL-3.0-or-later
"""The cases of one test program, reported as TAP, one line each.

A case is a function that takes the fixture and raises Failure.  Its name is its sentence.  Every case has a time
limit, so that a gateway which hangs fails a case and not the machine.  SIGTERM ends the program through every
`finally`, so that namespaces and processes never outlive it.
"""

import signal
import sys
import time
import traceback

CASE_LIMIT_S = 30

_cases = []


class Failure(AssertionError):
    """What a case found wrong."""


def case(function=None, *, limit_s=CASE_LIMIT_S):
    """Registers a case: @case, or @case(limit_s=120) for one that takes long."""
    if function is None:
        return lambda f: case(f, limit_s=limit_s)
    _cases.append((function, limit_s))
    return function


def cases_for(values, name, limit_s=CASE_LIMIT_S):
    """Registers one case per value; name is a format string for its sentence."""

    def register(function):
        for value in values:
            label = value[0] if isinstance(value, tuple) else value

            def one(fixture, value=value):
                function(fixture, value)

            one.__name__ = name.format(label)
            _cases.append((one, limit_s))
        return function

    return register


def check(condition, message):
    if not condition:
        raise Failure(message)


def check_equal(got, want, what):
    if got != want:
        raise Failure(f"{what}: got {got!r}, expected {want!r}")


def eventually(question, what, within_s=5.0):
    """Asks until the answer is true; returns it."""
    deadline = time.monotonic() + within_s
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failure(f"not within {within_s:g} s: {what}")
        time.sleep(0.05)


def skip_all(why):
    print(f"1..0 # SKIP {why}")
    sys.exit(0)


def diag(text):
    """A remark, cut to what a terminal can bear."""
    for line in str(text).splitlines():
        print(f"# {line[:600]}", flush=True)


def _on_term(_signal, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise SystemExit(143)


def _on_alarm(_signal, _frame):
    raise Failure("out of time")


def _explain(error):
    """What was wrong, and through which lines of ours it came."""
    diag(str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}")
    for frame in traceback.extract_tb(error.__traceback__):
        if "/e2e/" in frame.filename and "tap.py" not in frame.filename:
            diag(f"  {frame.filename.rpartition('/e2e/')[2]}:{frame.lineno}: {frame.line}")


def _run_case(number, function, limit_s, fixture):
    name = function.__name__.replace("_", " ")
    signal.alarm(limit_s)
    try:
        function(fixture)
    except Exception as error:  # a broken case is a failed one
        signal.alarm(0)
        print(f"not ok {number} - {name}", flush=True)
        _explain(error)
        fixture.explain_failure()
        return False
    finally:
        signal.alarm(0)
    print(f"ok {number} - {name}", flush=True)
    return True


class Fixture:
    """What the cases of a program share.  A context manager."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def alive(self):
        """False: no further case can succeed."""
        return True

    def explain_failure(self):
        """Prints what helps to understand the case that has just failed."""

    def last_cases(self):
        """Cases of its own, run after all others."""
        return []


def main(fixture_manager):
    """Opens the fixture, runs every registered case, closes it, and exits."""
    signal.signal(signal.SIGTERM, _on_term)
    signal.signal(signal.SIGALRM, _on_alarm)
    failed = 0
    with fixture_manager as fixture:
        cases = _cases + [(function, CASE_LIMIT_S) for function in fixture.last_cases()]
        print(f"1..{len(cases)}", flush=True)
        for number, (function, limit_s) in enumerate(cases, 1):
            if not _run_case(number, function, limit_s, fixture):
                failed += 1
            if number <= len(_cases) and not fixture.alive():
                fixture.explain_failure()
                print("Bail out! the gateway is gone", flush=True)
                sys.exit(1)
    sys.exit(1 if failed else 0)
