# SPDX-License-Identifier: GPL-3.0-or-later
"""Validity (sections 4.1.2.5, 6.1.3 (a)(2)): both ends belong to the period; two forms of time and no others."""

from certs import ca, leaf
from der import generalized_time, utc_time
from table import case, openssl_differs

root = ca("Root")
inter = ca("Int", root)
BEGIN, END = "2025-03-01T12:00:00", "2035-03-01T12:00:00"
EDGES = (("at-begin", "2025-03-01T12:00:00Z", "ok"), ("before-begin", "2025-03-01T11:59:59Z", "not_yet_valid"),
         ("at-end", "2035-03-01T12:00:00Z", "ok"), ("after-end", "2035-03-01T12:00:01Z", "expired"))
leaf_of_days = leaf(inter, begin=BEGIN, end=END)
int_of_days = ca("Int", root, begin=BEGIN, end=END)
root_of_days = ca("Root", begin=BEGIN, end=END)
for what, at, reason in EDGES:
    words = what.replace("-", " the ")
    case(f"time-leaf-{what}", f"the leaf, {words}", reason, [leaf_of_days, inter], [root], at=at)
    case(f"time-int-{what}", f"the intermediate, {words}", reason, [leaf(inter), int_of_days], [root], at=at)
    case(f"time-int-store-{what}", f"the store's intermediate, {words}", reason, [leaf(inter)], [root, int_of_days], at=at)
    case(f"time-root-{what}", f"the root, {words}", reason, [leaf(inter), inter], [root_of_days], at=at)

case("time-leaf-expired", "an expired leaf", "expired", [leaf(inter, end="2021-01-01T00:00:00"), inter], [root])
case("time-leaf-future", "a leaf of the future", "not_yet_valid", [leaf(inter, begin="2048-01-01T00:00:00"), inter], [root])
case("time-int-expired", "an expired intermediate", "expired", [leaf(inter), ca("Int", root, end="2021-01-01T00:00:00")], [root])
case("time-int-future", "an intermediate of the future", "not_yet_valid",
     [leaf(inter), ca("Int", root, begin="2048-01-01T00:00:00")], [root])
case("time-expired-and-bad-signature", "what is cheap is judged first: an expired leaf of a stranger's key", "expired",
     [leaf(inter, end="2021-01-01T00:00:00", signer=ca("Stranger").key), inter], [root])
case("time-one-second", "a period of one moment", "ok",
     [leaf(inter, begin="2030-01-01T00:00:00", end="2030-01-01T00:00:00"), inter], [root], handshake="another time")
case("time-not-nested", "a leaf may outlive its issuer", "ok", [leaf(inter, end="2049-01-01T00:00:00"),
                                                              ca("Int", root, end="2040-01-01T00:00:00")], [root])
case("time-2050-generalized", "GeneralizedTime from 2050 on", "ok", [leaf(inter, end="2051-01-01T00:00:00"), inter], [root])
case("time-9999", "no expiry at all: 99991231235959Z", "ok",
     [leaf(inter, end=generalized_time("99991231235959Z")), inter], [root])
case("time-generalized-before-2050", "GeneralizedTime for a date before 2050 is tolerated: its meaning is plain", "ok",
     [leaf(inter, begin=generalized_time("20200101000000Z")), inter], [root])
case("time-1950", "UTCTime 50 is 1950", "ok", [leaf(inter, begin=utc_time("500101000000Z")), inter], [root])
case("time-utc-49", "UTCTime 49 is 2049", "ok", [leaf(inter, end=utc_time("490101000000Z")), inter], [root])
case("time-utc-50-is-past", "UTCTime 50 as an end is 1950, not 2050", "expired",
     [leaf(inter, begin=utc_time("500101000000Z"), end=utc_time("500102000000Z")), inter], [root])
case("time-generalized-1900", "GeneralizedTime of 1900", "ok",
     [leaf(inter, begin=generalized_time("19000101000000Z")), inter], [root])
case("time-end-before-begin", "notAfter before notBefore", "parse_error",
     [leaf(inter, begin="2035-01-01T00:00:00", end="2025-01-01T00:00:00"), inter], [root])
for what, value, words in (
        ("no-seconds", utc_time("2501010000Z"), "UTCTime without seconds"),
        ("offset", utc_time("250101000000+0000"), "UTCTime with an offset"),
        ("no-zone", utc_time("250101000000"), "UTCTime without a zone"),
        ("lower-z", utc_time("250101000000z"), "UTCTime with a small z"),
        ("month-0", utc_time("250001000000Z"), "month 0"),
        ("month-13", utc_time("251301000000Z"), "month 13"),
        ("day-0", utc_time("250100000000Z"), "day 0"),
        ("day-30-february", utc_time("240230000000Z"), "the 30th of February"),
        ("day-29-february-2023", utc_time("230229000000Z"), "the 29th of February of 2023"),
        ("day-29-february-2100", generalized_time("21000229000000Z"), "the 29th of February of 2100"),
        ("hour-24", utc_time("250101240000Z"), "hour 24"),
        ("minute-60", utc_time("250101006000Z"), "minute 60"),
        ("second-60", utc_time("250101000060Z"), "second 60"),
        ("letters", utc_time("25O101000000Z"), "a letter among the digits"),
        ("space", utc_time(" 50101000000Z"), "a space among the digits"),
        ("sign", utc_time("+50101000000Z"), "a sign among the digits"),
        ("empty", utc_time(""), "an empty time"),
        ("fraction", generalized_time("20250101000000.5Z"), "GeneralizedTime with a fraction"),
        ("generalized-no-seconds", generalized_time("202501010000Z"), "GeneralizedTime without seconds"),
        ("generalized-offset", generalized_time("20250101000000+0000"), "GeneralizedTime with an offset"),
        ("nul", utc_time("250101000000\0"), "a NUL in place of the Z"),
        ("as-text", b"\x0c\x0d250101000000Z", "a time as UTF8String")):
    case(f"time-form-{what}", f"{words} (section 4.1.2.5)", "parse_error", [leaf(inter, begin=value), inter], [root])
case("time-form-leap-day", "the 29th of February of 2024 is a day", "ok",
     [leaf(inter, begin=utc_time("240229000000Z")), inter], [root])
case("time-form-leap-day-2000", "the 29th of February of 2000 is a day", "ok",
     [leaf(inter, begin=utc_time("000229000000Z")), inter], [root])

openssl_differs("takes the last second for past", *[f"time-{who}-at-end" for who in ("leaf", "int", "int-store", "root")],
                "time-one-second")
