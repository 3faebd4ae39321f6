# SPDX-License-Identifier: GPL-3.0-or-later
"""Graphs of authorities that certify each other (RFC 4158 section 2), those of the suite BetterTLS.  An edge is a certificate; some
are unfit, for one reason after the other: a way around them has to be found, and none where there is none."""

from certs import ca, dns, leaf
from table import case, openssl_differs

UNFIT = {
    "expired": ("has expired", {"end": "2021-01-01T00:00:00"}, "expired"),
    "names": ("permits other names", {"nc": ([dns("elsewhere.example")], ())}, "name_constraint"),
    "eku": ("is for mail", {"eku": ["email"]}, "extended_key_usage"),
    "no-bc": ("has no basicConstraints", {"bc": None}, "not_a_ca"),
    "no-ca": ("says that it is no CA", {"bc": [False]}, "not_a_ca"),
    "digest": ("is signed over SHA-1", {"digest": "sha1"}, "weak_digest"),
}


def edges(text):
    """[(issuer, subject)] of lines `issuer: subject, subject`."""
    return [(issuer.strip(), subject.strip()) for line in text.strip().splitlines()
            for issuer, subjects in [line.split(":")] for subject in subjects.split(",")]


LINE = edges("Int: Client\n Anchor: Int")
TWO_ROOTS = edges("Int: Client\n Root 1: Int\n Root 2: Int")
# Section 2.3: A and C certify each other, and B.
MESH = edges("B: Client\n C: B, A\n A: B, C\n Anchor: C, A")
# Section 2.4: W and X are hierarchies, Y is a mesh, Z has two ways down; a bridge joins them.
BRIDGE = edges("""
    F: H, G
    G: F, I
    H: I
    I: H
    W: F, G, Bridge
    J: K
    N: Client
    L: N, M
    X: J, L, Bridge
    B: E, D
    A: B, C
    C: B, A
    Y: A, C, Bridge
    R: T
    O: R, Q
    P: S
    Z: O, P, Bridge
    Bridge: W, X, Y, Z""")


def issuer(node):
    """Whatever certifies that node, its name and its key are the same."""
    return ca("Node " + node)


def above(links, node):
    """The nodes from which edges lead to that one."""
    found, more = set(), {node}
    while more:
        found |= more
        more = {link[0] for link in links if link[1] in more} - found
    return found


def graph(id, rule, reason, links, anchor, *, end="Client", unfit=(), options=None, stored=False, **more):
    """unfit: the edges whose certificates have these options.  stored: all but the leaf stand in the store."""
    certs, own = [], None
    for link in links:
        if link[1] == end:
            own = leaf(issuer(link[0]), san=dns("client.example"))
        else:
            certs.append(ca("Node " + link[1], issuer(link[0]), **((options or {}) if link in unfit else {})))
    store = [issuer(anchor), *(certs if stored else [])]
    case("graph-" + id, rule, reason, [own, *([] if stored else certs)], [store], **more)


def unfit_in_turn(id, rule, links, anchor, unfit, *, found, **more):
    """found: there is a way around them."""
    for what, (words, options, reason) in UNFIT.items():
        graph(f"{id}-{what}", f"{rule} {words}: " + ("another way leads to the anchor" if found else "no other way leads to the anchor"),
              "ok" if found else reason, links, anchor, unfit=unfit, options=options, **more)


graph("line", "one intermediate", "ok", LINE, "Anchor")
unfit_in_turn("line-int", "one intermediate, which", LINE, "Anchor", [("Anchor", "Int")], found=False)
unfit_in_turn("line-trusted-int", "the intermediate is an anchor itself, and its certificate by another one", LINE, "Int",
              [("Anchor", "Int")], found=True)
for one, other in (("Root 1", "Root 2"), ("Root 2", "Root 1")):
    id = "two-roots-" + one[-1]
    graph(id, f"an intermediate of two roots, of which {one} is trusted", "ok", TWO_ROOTS, one)
    unfit_in_turn(f"{id}-other", f"{one} is trusted; what {other} certified", TWO_ROOTS, one, [(other, "Int")], found=True)
    unfit_in_turn(f"{id}-own", f"{one} is trusted; what it certified", TWO_ROOTS, one, [(one, "Int")], found=False)
graph("mesh", "a mesh: two CAs that certify each other, and a third one", "ok", MESH, "Anchor")
unfit_in_turn("mesh-over-a", "a mesh; what the anchor certified of C, and A of B,", MESH, "Anchor", [("Anchor", "C"), ("A", "B")],
              found=True)
unfit_in_turn("mesh-over-c", "a mesh; what the anchor certified of A, and C of B,", MESH, "Anchor", [("Anchor", "A"), ("C", "B")],
              found=True)
graph("bridge-mesh", "from one authority over a bridge into a mesh, all of them in the store", "ok", BRIDGE, "Z", end="D", stored=True)
graph("bridge", "from one authority over a bridge into a hierarchy", "ok", BRIDGE, "Z", stored=True)
graph("bridge-presented", "a client presents all 36 certificates: more than we look at", "chain_too_long", BRIDGE, "Z")
# What leads to the leaf are few enough to be presented.
BRIDGE = [link for link in BRIDGE if link[1] in above(BRIDGE, "Client")]
unfit_in_turn("bridge-back", "a bridge; the certificate that leads back over it", BRIDGE, "Z", [("X", "Bridge")], found=True)
unfit_in_turn("bridge-down", "a bridge; the certificate that leads down from it", BRIDGE, "Z", [("Bridge", "X")], found=False)
unfit_in_turn("bridge-up", "a bridge; the certificate that leads up to it", BRIDGE, "Z", [("Z", "Bridge")], found=False)

openssl_differs("tries the first candidate alone", "graph-two-roots-2", "graph-bridge", "graph-bridge-mesh",
                *[f"graph-{id}-{what}" for id in ("two-roots-2-other", "mesh-over-a", "mesh-over-c", "bridge-back") for what in UNFIT
                  if what != "expired" or id.startswith("mesh")])
