# SPDX-License-Identifier: GPL-3.0-or-later
"""Path building (RFC 4158): any order, too much, too little, several candidates, cycles, forests; partial chains."""

import dataclasses
import itertools

import der
import keys
from certs import ca, dns, leaf, name
from keys import key
from table import case, openssl_differs

root = ca("Root")
ints = [ca("Int 1", root)]
for number in (2, 3):
    ints.append(ca(f"Int {number}", ints[-1]))
client = leaf(ints[-1])
other = ca("Other root")
other_int = ca("Other int", other)

# Order and surplus
for order in itertools.permutations((1, 2, 3)):
    case("build-order-" + "".join(map(str, order)), f"intermediates presented in the order {order} from the root",
         "ok", [client, *(ints[n - 1] for n in order)], [root])
case("build-root-first", "the root stands in the middle", "ok", [client, root, *ints], [root])
case("build-leaf-not-first", "what comes first is the client's, whatever follows (RFC 8446 section 4.4.2)", "key_usage",
     [ints[0], leaf(ints[0])], [root])
case("build-surplus-chain", "the chain of a stranger among the intermediates", "ok", [client, other_int, *ints, other], [root])
case("build-surplus-leaf", "another leaf among the intermediates", "ok", [client, leaf(ints[0], "another"), *ints], [root])
case("build-surplus-expired", "an expired certificate of no use", "ok",
     [client, ca("Old", other, end="2021-01-01T00:00:00"), *ints], [root])
case("build-surplus-weak", "a certificate of no use with a weak key", "ok", [client, ca("Weak", other, kind="rsa1024"), *ints],
     [root])
case("build-surplus-malformed", "every presented certificate must be one", "parse_error",
     [client, *ints, dataclasses.replace(other, der=other.der[:-1])], [root],
     openssl="stops reading the file there")
case("build-twice", "every intermediate twice", "ok", [client, *ints, *ints], [root])
case("build-leaf-twice", "the leaf twice", "ok", [client, client, *ints], [root])
case("build-gap", "the middle one is missing", "unknown_issuer", [client, ints[2], ints[0]], [root])
case("build-gap-filled", "the middle one stands in the store", "ok", [client, ints[2], ints[0]], [root, ints[0], ints[1]])

# A second certificate of the same name
rogue = ca("Int 1", None, key=key("rogue"))
case("build-rogue-first", "a stranger's certificate of the same name comes first", "ok", [leaf(ints[0]), rogue, ints[0]], [root])
case("build-rogue-last", "a stranger's certificate of the same name comes last", "ok", [leaf(ints[0]), ints[0], rogue], [root])
case("build-rogue-only", "a stranger's certificate of the same name alone", "unknown_issuer", [leaf(ints[0]), rogue],
     [root])
case("build-rogue-root", "a stranger's root of the very name", "bad_signature",
     [leaf(ca("Root", key=key("rogue"))), ca("Root", key=key("rogue"))], [root])
case("build-rogue-root-int", "a stranger's root of the very name over an intermediate", "bad_signature",
     [leaf(ca("Int R", ca("Root", key=key("rogue")))), ca("Int R", ca("Root", key=key("rogue")))], [root])
case("build-rogue-root-with-key-id", "a stranger's root with the name and the key identifier of ours", "bad_signature",
     [leaf(ca("Root", key=key("rogue"), ski=root.key_id), aki=root.key_id)], [root])


def same_name(count, **options):
    """Roots of one name and different keys."""
    return [ca("Same", key=key(f"same {n}"), **options) for n in range(count)]


for count in (2, 5):
    roots = same_name(count)
    for index in (0, count - 1):
        case(f"build-same-name-{count}-roots-{index}", f"{count} roots of one name, the leaf is of number {index}", "ok",
             [leaf(roots[index])], [[r] for r in roots])
    case(f"build-same-name-{count}-roots-no-hint", f"{count} roots of one name, no key identifier in the leaf", "ok",
         [leaf(roots[-1], aki=None)], [[r] for r in roots])
for count in (5, 20):
    sames = [ca("Same int", root, key=key(f"same int {n}")) for n in range(count)]
    for index in (0, count - 1):
        case(f"build-same-name-{count}-ints-{index}", f"{count} intermediates of one name in the store, the leaf is of number {index}",
             "ok", [leaf(sames[index], aki=None)], [root, *sames])
    case(f"build-same-name-{count}-ints-none", f"{count} intermediates of one name, the leaf is of none of them", "bad_signature",
         [leaf(sames[0], signer=key("stranger"), aki=None)], [root, *sames])
case("build-wrong-hint", "the key identifier names the wrong one of two intermediates", "ok",
     [leaf(sames[1], aki=sames[0].key_id)], [root, sames[0], sames[1]], openssl="takes a mismatch for another issuer")
case("build-wrong-hint-presented", "the wrong one is presented, the right one stands in the store", "ok",
     [leaf(sames[1], aki=sames[0].key_id), sames[0]], [root, sames[1]], openssl="takes a mismatch for another issuer")

# Cross-signed authorities
old, new = ca("Old root"), ca("New root")
new_by_old, old_by_new = ca("New root", old), ca("Old root", new)
under_new = ca("Under new", new)
of_new = leaf(under_new)
case("build-cross-old-store", "the store has the old root, the cross certificate is presented", "ok", [of_new, under_new, new_by_old], [old])
case("build-cross-new-store", "the store has the new root, a cross certificate is presented needlessly", "ok",
     [of_new, under_new, new_by_old], [new])
case("build-cross-both", "the store has both roots", "ok", [of_new, under_new, new_by_old], [[old], [new]])
case("build-cross-in-store", "the cross certificate stands in the store", "ok", [of_new, under_new], [old, new_by_old])
case("build-cross-missing", "the store has the old root, nobody has the cross certificate", "unknown_issuer", [of_new, under_new], [old])
case("build-cross-ring", "two roots that certify each other, one is trusted", "ok", [of_new, under_new, new_by_old, old_by_new], [old])
case("build-cross-ring-untrusted", "two roots that certify each other, none is trusted", "unknown_issuer",
     [of_new, under_new, new_by_old, old_by_new], [root])
case("build-cross-expired-beside", "an expired cross certificate beside a trusted root", "ok",
     [of_new, under_new, ca("New root", old, end="2021-01-01T00:00:00")], [new])
case("build-cross-expired-both-roots", "an expired cross certificate, both roots trusted", "ok",
     [of_new, under_new, ca("New root", old, end="2021-01-01T00:00:00")], [[old], [new]])
case("build-cross-expired-alone", "an expired cross certificate and the old root", "expired",
     [of_new, under_new, ca("New root", old, end="2021-01-01T00:00:00")], [old])
case("build-rollover", "old key, new key and the link between them (RFC 4210 section 4.4): one name", "ok",
     [leaf(ca("Roll", key=key("roll new"))), ca("Roll", ca("Roll", key=key("roll old")), key=key("roll new"))],
     [ca("Roll", key=key("roll old"))])

# Its other direction, and a key of the CA's that is for lists alone
renewed, former = ca("Roll", root, key=key("roll new")), ca("Roll", root, key=key("roll old"))
case("build-rollover-new-by-root", "the root certified the new key, which certified the old one", "ok",
     [leaf(former), ca("Roll", renewed, key=key("roll old")), renewed], [root])
case("build-rollover-old-by-root", "the root certified the old key, which certified the new one", "ok",
     [leaf(renewed), ca("Roll", former, key=key("roll new")), former], [root])
case("build-rollover-list-key", "a CA's second key is for lists: the leaf is signed with the first", "ok",
     [leaf(former), ca("Roll", former, key=key("roll lists"), ku=["cRLSign"]), former], [root])
# The way to the first key has a wrong signature, and so gets further than the one that breaks a rule.
case("build-rollover-list-key-signs", "a CA's second key is for lists: the leaf is signed with that", "bad_signature",
     [leaf(ca("Roll", key=key("roll lists"))), ca("Roll", former, key=key("roll lists"), ku=["cRLSign"]), former], [root])

# Of two certificates of one CA one is unfit: the other one has to be found, wherever either stands
UNFIT = {
    "expired": ({"end": "2021-01-01T00:00:00"}, "expired"),
    "future": ({"begin": "2048-01-01T00:00:00"}, "not_yet_valid"),
    "no-ca": ({"bc": [False]}, "not_a_ca"),
    "no-bc": ({"bc": None}, "not_a_ca"),
    "usage": ({"ku": ["cRLSign"]}, "key_usage"),
    "eku": ({"eku": ["server"]}, "extended_key_usage"),
    "names": ({"nc": ([dns("example.org")], ())}, "name_constraint"),
    "unknown": ({"extra": ["unknown"]}, "unknown_critical"),
    "policy": ({"policy_constraints": {"explicit": 0}}, "policy"),
}
EXTRA = {"unknown": b"0\x12\x06\x09+\x06\x01\x04\x01\x83\xb2\x03\x03\x01\x01\xff\x04\x02xx"}
for what, (options, reason) in UNFIT.items():
    options = {k: [EXTRA[x] for x in v] if k == "extra" else v for k, v in options.items()}
    bad, good = ca("Twin", root, serial=7, **options), ca("Twin", root)
    of_twin = leaf(good, san=dns("client.example.com"))
    case(f"build-unfit-{what}-first", f"two certificates of one CA, the unfit one first: {reason}", "ok", [of_twin, bad, good], [root])
    case(f"build-unfit-{what}-last", f"two certificates of one CA, the unfit one last: {reason}", "ok", [of_twin, good, bad], [root])
    case(f"build-unfit-{what}-presented", f"the unfit one is presented, the store has the other: {reason}", "ok", [of_twin, bad],
         [root, good])
    case(f"build-unfit-{what}-alone", f"the unfit one alone: {reason}", reason, [of_twin, bad], [root])
    case(f"build-unfit-{what}-root", f"two roots over one intermediate, the way to one of them is unfit: {reason}", "ok",
         [leaf(good, san=dns("client.example.com")), bad, ca("Twin", other)], [[root], [other]])
bad = ca("Twin", ca("RSA root", kind="rsa2048"), digest="sha1")
good = ca("Twin", ca("RSA root", kind="rsa2048"))
case("build-unfit-digest-first", "two certificates of one CA, one signed over SHA-1", "ok", [leaf(good), bad, good],
     [ca("RSA root", kind="rsa2048")])
case("build-unfit-path-length", "of two certificates of the upper CA one allows no intermediate", "ok",
     [leaf(ca("Low", ca("High", root))), ca("Low", ca("High", root)), ca("High", root, bc=[True, 0]), ca("High", root)], [root])
case("build-unfit-signature", "of two certificates of one CA one has a wrong signature", "ok",
     [leaf(good), dataclasses.replace(good, der=good.der[:-1] + bytes([good.der[-1] ^ 1])), good],
     [ca("RSA root", kind="rsa2048")])
case("build-furthest", "the path that got furthest gives the reason: a bad signature, not the expired one", "bad_signature",
     [leaf(ca("Two", root), signer=key("stranger")), ca("Two", root, end="2021-01-01T00:00:00"), ca("Two", root)], [root])

# Certificates of one root, of which one is unfit; constraints of several levels
def named(*hosts):
    return ([dns(host) for host in hosts], ())


of_example = leaf(root, san=dns("client.example.com"))
for id, certs in (("first", [ca("Root", nc=named("example.org")), root]), ("last", [root, ca("Root", nc=named("example.org"))])):
    case(f"build-names-roots-{id}", f"two certificates of one root, what permits other names is the {id}", "ok", [of_example],
         [[cert] for cert in certs])
free, other_names, own_names = {}, {"nc": named("example.org")}, {"nc": named("example.com")}
for id, reason, roots, highs, lows, words in (
        ("free", "ok", (other_names, own_names, free), (free, other_names), (free, other_names), "one way is free"),
        ("found", "ok", (other_names, own_names), (other_names, own_names), (other_names, own_names), "one way permits the name"),
        ("none", "name_constraint", (other_names, own_names), (free, other_names), ({"nc": named("example.net")}, other_names),
         "every way forbids the name")):
    high, low = ca("High", root), ca("Low", ca("High", root))
    case(f"build-names-levels-{id}", f"several certificates of one CA on each of three levels: {words}", reason,
         [leaf(low, san=dns("client.example.com")), *[ca("Low", high, serial=n, **lows[n - 1]) for n in range(1, len(lows) + 1)],
          *[ca("High", root, serial=n, **highs[n - 1]) for n in range(1, len(highs) + 1)]],
         [[ca("Root", serial=n, **roots[n - 1])] for n in range(1, len(roots) + 1)])
gone, AFTER = ca("Root", end="2031-01-01T00:00:00"), "2032-01-01T00:00:00Z"
case("build-root-renewed", "an expired certificate of a root beside one of the same key that is valid", "ok", [leaf(root)],
     [[gone], [root]], at=AFTER)
case("build-root-expired-cross", "an expired root, which another one has certified since", "ok", [leaf(root), ca("Root", other)],
     [[gone], [other]], at=AFTER)
case("build-root-expired-presented", "an expired root, and a certificate by itself that is valid is presented", "expired",
     [leaf(root), root], [gone], at=AFTER)
of_ours = leaf(ints[0], san=dns("client.example.com"))
old_way, new_way = [ca("Root", nc=named("example.org")), ints[0]], ca("Root", other)
case("build-store-int-unfit", "the way over an intermediate of the store is unfit, and it is not continued with presented ones",
     "name_constraint", [of_ours, new_way], [old_way, [other]])
case("build-store-int-presented", "but it is where the client presents it too", "ok", [of_ours, ints[0], new_way], [old_way, [other]])
case("build-store-int-cross", "or where the store has the other way", "ok", [of_ours], [old_way, [other, new_way]])
case("build-store-int-expired", "an expired root above an intermediate of the store, both presented, and a certificate by another root",
     "ok", [of_ours, ints[0], new_way], [[gone, ints[0]], [other]], at=AFTER)
case("build-root-signature", "a presented root with a wrong signature by itself is of no use and does no harm", "ok",
     [leaf(root), dataclasses.replace(root, der=root.der[:-1] + bytes([root.der[-1] ^ 1]))], [root])
same_id = ca("Of the same identifier", other, ski=ints[0].key_id)
case("build-shared-key-id", "two CAs of one key identifier and different names", "ok", [leaf(ints[0]), same_id, ints[0]], [root])
point = root.key.point()
forged = ca("Root", ski=root.key_id, spki=der.sequence(keys.algorithm("1.2.840.10045.2.1", keys.explicit_p256(point)),
                                                       der.bit_string(point)))
case("build-forged-curve", "a root of our root's name and public key, and a generator that gives it another private key",
     "bad_signature", [leaf(forged, signature=lambda tbs: keys.sign_by_generator(tbs, point)), forged], [root])

# Cycles and forests
a_by_b, b_by_a = ca("A", ca("B")), ca("B", ca("A"))
case("build-cycle", "two CAs that certify each other and nobody else", "unknown_issuer", [leaf(a_by_b), a_by_b, b_by_a], [root])
case("build-cycle-way-out", "two CAs that certify each other, the root certified one of them", "ok",
     [leaf(a_by_b), a_by_b, b_by_a, ca("B", root)], [root])
case("build-cycle-self", "a CA that certified itself anew, again and again", "unknown_issuer",
     [leaf(ca("Self")), *[ca("Self", serial=n) for n in range(1, 6)]], [root])
case("build-cycle-self-way-out", "a CA that certified itself anew, and the root did too", "ok",
     [leaf(ca("Self")), *[ca("Self", serial=n) for n in range(1, 6)], ca("Self", root)], [root])


# Three roots that all certify each other, each with a CA below it; one is trusted
ring = {x: ca(f"Ring {x}") for x in "ABC"}
crossed = [ca(f"Ring {x}", ring[y]) for x in "ABC" for y in "ABC" if x != y]
below = {x: ca(f"Below {x}", ring[x]) for x in "ABC"}
ring_leaf = leaf(below["A"], subject=name(), san=dns("client.example"), critical={"san": True})
case("build-cycle-three-roots", "three roots that all certify each other, one is trusted", "ok",
     [ring_leaf, *below.values(), *crossed], [ring["A"]])
case("build-cycle-three-roots-around", "three roots that all certify each other, another one is trusted", "ok",
     [ring_leaf, *below.values(), *crossed], [ring["C"]])
case("build-cycle-three-roots-untrusted", "three roots that all certify each other, none is trusted", "unknown_issuer",
     [ring_leaf, *below.values(), *crossed], [root])
case("build-cycle-depth", "two CAs that certify each other, and as many intermediates allowed as can be", "unknown_issuer",
     [leaf(a_by_b), a_by_b, b_by_a], [root], options="--verify-depth 16")
twin_1, twin_2 = ca("Logical", key=key("logical 1")), ca("Logical", key=key("logical 2"))
ring_of_two = [ca("Logical", twin_2, key=key("logical 1")), ca("Logical", twin_1, key=key("logical 2"))]
case("build-cycle-same-name", "two keys of one CA that certify each other and nobody else", "unknown_issuer",
     [leaf(ring_of_two[0]), *ring_of_two], [root])


def one_name(*, keys_differ, hints, order):
    """A leaf under 15 CAs of one name, the last one issued by the root."""
    certs, without = [root], {} if hints else {"aki": None}
    for n in range(15):
        certs.append(ca("One name", certs[-1], key=key(f"one name {n if keys_differ else 0}"), serial=n + 1, **without))
    return [leaf(certs[-1], **without), *order(certs[1:])]


ORDERS = {"in-order": reversed, "backwards": list, "scattered": lambda certs: certs[::2] + certs[1::2]}
for keys_differ, what in ((True, "keys"), (False, "one-key")):
    for hints in (True, False):
        for order, arrange in ORDERS.items():
            found = not keys_differ or hints or order == "in-order"
            case(f"build-one-name-{what}{'' if hints else '-no-hints'}-{order}",
                 f"15 CAs of one name, {'a key each' if keys_differ else 'one key'}, "
                 f"{'with' if hints else 'without'} key identifiers, {order.replace('-', ' ')}" + ("" if found else ": more ways than are tried"), "ok" if found else "search_limit",
                 one_name(keys_differ=keys_differ, hints=hints, order=arrange), [root], options="--verify-depth 16")


def forest(levels, width, reaches):
    """Levels of CAs of which each has a certificate by every CA of the next level; reaches: the last one by the root."""
    certs = []

    def subject(level):
        return name(("O", "Cases"), f"Level {level}")

    def a_key(level, n):
        return key(f"level {level} {n}")

    for level in range(levels - 1):
        for n in range(width):
            for m in range(width):
                above = dataclasses.replace(root, subject=subject(level + 1), key=a_key(level + 1, m))
                certs.append(ca("x", above, subject=subject(level), key=a_key(level, n), aki=None))
    if reaches:
        certs.append(ca("x", root, subject=subject(levels - 1), key=a_key(levels - 1, width - 1)))
    first = dataclasses.replace(root, subject=subject(0), key=a_key(0, width - 1))
    return [leaf(first, aki=None), *certs]


case("build-forest-2x2", "3 levels of 2 CAs that all certify each other, a root above one", "ok", forest(3, 2, True), [root])
case("build-forest-2x2-nowhere", "3 levels of 2 CAs that all certify each other, no root", "unknown_issuer",
     forest(3, 2, False), [root])
case("build-forest-store", "20 cross certificates in the store: one leads to the root", "ok",
     [leaf(ca("Many", root), aki=None)], [root, *[ca("Many", root, key=key(f"many {n}")) for n in range(20)], ca("Many", root)])

# Partial chains: the store's CAs are anchors themselves
ONE_ROOT = "ApplicationGatewayOnlyOneRootCAAllowedInTrustedClientCertificate"
lone = ca("Lone", other)
case("partial-off", "a store without a root", ONE_ROOT, [leaf(lone)], [lone], store_refused=True,
     handshake="the start-up file is refused")
case("partial-on", "partial_chain: an intermediate is an anchor", "ok", [leaf(lone)], [lone], options="--partial-chain")
case("partial-presented", "the anchor is presented too", "ok", [leaf(lone), lone], [lone], options="--partial-chain")
case("partial-root-presented", "the root that nobody trusts is presented too", "ok", [leaf(lone), lone, other], [lone],
     options="--partial-chain")
case("partial-below", "an intermediate below the anchor", "ok", [leaf(ca("Below", lone)), ca("Below", lone)], [lone],
     options="--partial-chain")
case("partial-sibling", "another intermediate of the same root is no anchor", "unknown_issuer", [leaf(other_int), other_int, other],
     [lone], options="--partial-chain")
case("partial-same-name", "an intermediate of the anchor's name and another key", "bad_signature",
     [leaf(ca("Lone", other, key=key("rogue"))), ca("Lone", other, key=key("rogue"))], [lone], options="--partial-chain")
case("partial-path-length", "an anchor is held to its path length", "path_length",
     [leaf(ca("Below", lone)), ca("Below", lone)], [ca("Lone", other, bc=[True, 0])], options="--partial-chain")
case("partial-names", "an anchor is held to its name constraints", "name_constraint", [leaf(lone, san=dns("a.example.com"))],
     [ca("Lone", other, nc=([dns("example.org")], ()))], options="--partial-chain")
case("partial-expired", "an anchor is held to its dates", "expired", [leaf(lone)], [ca("Lone", other, end="2031-01-01T00:00:00")],
     options="--partial-chain", at="2032-01-01T00:00:00Z")
case("partial-with-root", "a root and an intermediate: both are anchors", "ok", [leaf(ints[0])], [root, ints[0]],
     options="--partial-chain")
case("partial-root-unfit", "the anchor is enough where the way to its root is not good any more", "ok", [leaf(ints[0])],
     [ca("Root", end="2031-01-01T00:00:00"), ints[0]], options="--partial-chain", at="2032-01-01T00:00:00Z")
case("partial-leaf", "a leaf in the store is no anchor", "ApplicationGatewayTrustedClientCertificateDoesNotContainAnyCACertificate",
     [leaf(root)], [leaf(root)], options="--partial-chain", store_refused=True, handshake="the start-up file is refused")

openssl_differs("tries the first candidate alone", "build-names-roots-first", "build-names-levels-free", "build-names-levels-found",
                "build-root-expired-cross", "build-store-int-presented", "build-store-int-cross", "build-store-int-expired",
                "build-same-name-2-roots-no-hint", "build-same-name-5-roots-no-hint",
                "build-same-name-5-ints-4", "build-same-name-20-ints-19", "build-cycle-way-out", "build-cycle-self-way-out",
                "build-forest-2x2", "build-forest-store", "build-unfit-digest-first", "build-unfit-path-length",
                "build-unfit-signature", *[f"build-unfit-{what}-{place}" for what in UNFIT for place in ("first", "root")
                                           if what not in ("expired", "future")])
openssl_differs("takes the first self-issued certificate for the end", "build-one-name-keys-no-hints-in-order",
                "build-one-name-one-key-in-order", "build-one-name-one-key-no-hints-in-order")
