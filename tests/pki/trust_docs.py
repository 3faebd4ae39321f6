#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/TRUST.md say what the tables of the source say, in TAP.  Usage: trust_docs.py

Of a limit docs/CONFIG.md is asked, which is written from config/schema.def.  That a rule gives the reasons of its row and no
other is seen by judge_all.py."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
REASONS = ("reason", "means", "Azure Application Gateway", "AWS ALB", "Google Cloud")
RULES = ("step", "question", "reasons")
LIMITS = ("key", "limit", "default", "most", "beyond it")
STRICTER = ("what", "reason")
KEYS = ("key", "value", "default", "meaning")
# Limits without a key: what they are called, and their macros.
FIXED = {"extensions of a certificate, policies, mappings": ("X509_EXTENSIONS_MAX", "X509_POLICIES_MAX",
                                                             "X509_POLICY_MAPPINGS_MAX"),
         "attributes of a name": ("X509_NAME_ATTRIBUTES_MAX",)}
OF_NO_RULE = {"ok", "no_certificate"}


def tables(page):
    """The rows of a page's tables, by their headings; tables with the same headings are one."""
    found, rows = {}, None
    for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
        cells = tuple(cell.strip() for cell in line[1:-1].split("|"))
        if not line.startswith("|"):
            rows = None
        elif rows is None:
            rows = found.setdefault(cells, [])
        elif not line.startswith("|---"):
            rows.append(cells)
    return found


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def definitions(path, macro):
    """[(name, text...)] of the rows MACRO(name, "text"...)."""
    found = re.findall(rf"^{macro}\((\w+), (.*)\)$", (ROOT / path).read_text(encoding="utf-8"), re.M)
    return [(name, *re.findall(r'"([^"]*)"', texts)) for name, texts in found]


def reasons_of_rules():
    """What docs/TRUST.md says: {rule: [reason]}, in its order."""
    return {rule: quoted(reasons) for rule, _, reasons in tables("docs/TRUST.md")[RULES]}


def differences(got, wanted):
    return [f"the page lacks {row}" for row in wanted if row not in got] + \
           [f"the source lacks {row}" for row in got if row not in wanted] or \
           (["the order differs"] if list(got) != list(wanted) else [])


def reasons_and_what_others_call_them():
    rows = [(row[0].strip("`"), *row[1:]) for row in tables("docs/TRUST.md")[REASONS]]
    return differences(rows, definitions("base/auth_reasons.def", "AUTH_REASON"))


def rules_in_their_order():
    return differences(list(reasons_of_rules()), [name for name, _ in definitions("tls/trust/trust_rules.def", "TRUST_RULE")])


def every_reason_is_that_of_one_rule():
    known = {row[0] for row in definitions("base/auth_reasons.def", "AUTH_REASON")} - OF_NO_RULE
    return differences(sorted(reason for reasons in reasons_of_rules().values() for reason in reasons), sorted(known))


def what_is_stricter_has_a_reason():
    known = {row[0] for row in definitions("base/auth_reasons.def", "AUTH_REASON")}
    return [f"there is no reason {reason}" for _, cell in tables("docs/TRUST.md")[STRICTER] for reason in quoted(cell)
            if reason not in known]


def limits_that_a_profile_may_set():
    pages = [(quoted(key)[0], default, most, quoted(beyond)[0])
             for key, _, default, most, beyond in tables("docs/TRUST.md")[LIMITS] if key]
    wanted = [(quoted(key)[0].removeprefix("client_auth."), default.strip("`"), value.split(" to ")[-1], meaning.split(": ")[-1])
              for key, value, default, meaning in tables("docs/CONFIG.md")[KEYS]
              if "search_limits." in key or key == "`client_auth.verify_depth`"]
    return differences(sorted(pages), sorted(wanted))


def limits_that_nobody_may_set():
    headers = "".join((ROOT / "tls/trust" / name).read_text(encoding="utf-8") for name in ("x509.h", "x509_name.h"))
    defined = dict(re.findall(r"^#define (X509_\w+_MAX) (\d+)$", headers, re.M))
    wanted = [(limit, defined.get(macro), defined.get(macro)) for limit, macros in FIXED.items() for macro in macros]
    page = [(limit, default.split()[0], most.split()[0]) for key, limit, default, most, _ in tables("docs/TRUST.md")[LIMITS]
            if not key]
    return differences(page, list(dict.fromkeys(wanted)))


TESTS = (reasons_and_what_others_call_them, rules_in_their_order, every_reason_is_that_of_one_rule, what_is_stricter_has_a_reason,
         limits_that_a_profile_may_set, limits_that_nobody_may_set)


def main():
    failed = 0
    print(f"1..{len(TESTS)}")
    for number, test in enumerate(TESTS, 1):
        wrong = test()
        failed += bool(wrong)
        print(f"{'not ok' if wrong else 'ok'} {number} - {test.__name__}")
        for line in wrong:
            print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
