# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases.  A case says what is judged and what RFC 5280, or our documented policy, expects of it."""

import dataclasses

AT = "2030-01-01T00:00:00Z"

cases = {}


@dataclasses.dataclass
class Case:
    id: str
    rule: str  # the sentence that is tested, with its section
    reason: str  # ok, or the reason code; a finding's code when the store itself is refused
    chain: list
    store: list  # files, each a list of certificates
    at: str
    options: str  # of `trust explain --store`
    openssl: str  # why `openssl verify` answers otherwise; empty: it agrees
    handshake: str  # why no handshake can show it; empty: one can
    verdict: str

    def row(self):
        return [self.id, self.rule, self.verdict, self.reason, self.at, self.options, self.openssl, self.handshake]


COLUMNS = ["id", "rule", "verdict", "reason", "at", "options", "openssl", "handshake"]


def case(id, rule, reason, chain, store, *, at=AT, options="", openssl="", handshake="", store_refused=False):
    """store: certificates of one file, or a list of such lists, one for each file."""
    assert id not in cases, id
    files = store if store and isinstance(store[0], list) else [store]
    if at != AT and not handshake:
        handshake = "another time"
    verdict = "unjudged" if store_refused else "accepted" if reason == "ok" else "refused"
    cases[id] = Case(id, rule, reason, chain, files, at, options, openssl, handshake, verdict)


def openssl_differs(why, *ids):
    """`openssl verify` answers otherwise in these cases."""
    for id in ids:
        cases[id].openssl = why
