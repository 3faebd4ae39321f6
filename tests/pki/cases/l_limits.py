# SPDX-License-Identifier: GPL-3.0-or-later
"""How much work a client may be: search_limits (docs/TRUST.md, Limits), each at its last good number and beyond it.  A worker
does not compute a signature again that it remembers: the certificates of that limit are in no other case."""

import keys
from certs import ca, dns, ext, leaf, name
from table import case

NO_SUCH = "knows no such limit"
root, other = ca("Root"), ca("Other root")
int1 = ca("Int 1", root)
int2 = ca("Int 2", int1)
filler = [ca(f"Filler {n}", ca("Other int", other)) for n in range(40)]


def limit(id, rule, reason, chain, store, setting="", openssl=None):
    """setting: of --search-limit.  `openssl verify` accepts what is beyond a limit, where the case does not say otherwise."""
    beyond = reason in ("chain_too_long", "too_large", "search_limit")
    case("limit-" + id, rule, reason, chain, store, options=f"--search-limit {setting}" if setting else "",
         openssl=NO_SUCH * beyond if openssl is None else openssl)


# certificates
limit("8-certificates", "eight presented certificates", "ok", [leaf(int1), int1, *filler[:6]], [root])
limit("40-certificates", "forty presented certificates", "chain_too_long", [leaf(int1), int1, *filler[:38]], [root])
limit("certificates", "as many certificates as may be presented", "ok", [leaf(int1), int1], [root], "certificates=2")
limit("certificates-more", "one more, though it is needed", "chain_too_long", [leaf(int2), int2, int1], [root], "certificates=2")
limit("certificates-filler", "one more, which is of no use", "chain_too_long", [leaf(int1), int1, filler[0]], [root], "certificates=2")
limit("certificates-store", "certificates of the store do not count", "ok", [leaf(int2)], [root, int1, int2], "certificates=1")
limit("certificates-stranger", "what is presented is counted before anything is asked of it", "chain_too_long",
      [leaf(other), *filler[:2]], [root], "certificates=2", openssl="")

# bytes: signatures of Ed25519 have all the same length
even_root = ca("Even root", kind="ed25519")


def leaf_of(octets):
    plain = leaf(even_root, extra=[ext("1.3.6.1.4.1.55555.6", bytes(300))])
    return leaf(even_root, extra=[ext("1.3.6.1.4.1.55555.6", bytes(300 + octets - len(plain.der)))])


limit("bytes", "a leaf of 100,000 octets", "too_large", [leaf_of(100000)], [even_root])
for octets in (1024, 1025):
    assert len(leaf_of(octets).der) == octets
    limit(f"bytes-{octets}", f"a leaf of {octets} octets where 1024 are allowed", "ok" if octets == 1024 else "too_large",
          [leaf_of(octets)], [even_root], "bytes=1KiB")
limit("bytes-together", "two certificates of 600 octets where 1024 are allowed", "too_large", [leaf_of(600), leaf_of(600)], [even_root],
      "bytes=1KiB")

# candidates: each time that an issuer is tried as the next of a path
limit("candidates", "an intermediate and the root are two candidates", "ok", [leaf(int1), int1], [root], "candidates=2")
limit("candidates-less", "and one is not enough", "search_limit", [leaf(int1), int1], [root], "candidates=1")
limit("candidates-root", "a root alone is one", "ok", [leaf(root)], [root], "candidates=1")
limit("candidates-none", "a stranger's leaf has none", "unknown_issuer", [leaf(other)], [root], "candidates=1")
twins = [ca("Twin", root, key=keys.key(f"twin {n}", "p256")) for n in range(5)]
of_last_twin = [leaf(twins[4], aki=None)]
limit("candidates-twins", "five authorities of one name, each tried with the root above it", "ok", of_last_twin, [root, *twins],
      "candidates=10", openssl="tries the first candidate alone")
limit("candidates-twins-less", "the root above the last one is one too many", "search_limit", of_last_twin, [root, *twins], "candidates=9",
      openssl="")

# signatures
signer = ca("Signer", root)
limit("signatures", "a leaf and an intermediate have two signatures to compute", "ok", [leaf(signer), signer], [root], "signatures=2")
signer = ca("Signer", root)
limit("signatures-less", "and one is not enough", "search_limit", [leaf(signer), signer], [root], "signatures=1")
limit("signatures-store", "that of an intermediate of the store is known to be good", "ok", [leaf(signer)], [root, signer], "signatures=1")
limit("signatures-wrong", "the last one that may be computed is wrong: so is the path", "bad_signature",
      [leaf(root, signer=other.key)], [root], "signatures=1")


def authorities(which):
    """The certificates of a file: a root, and authorities of one name under it."""
    top = ca(f"{which} root")
    return [top, *(ca("Twin", top, key=keys.key(f"{which} {n}", "p256")) for n in range(35))]


many_twins = [authorities("First"), authorities("Second")]
of_no_twin = [leaf(ca("Twin", other))]
limit("signatures-default", "seventy authorities of one name, none of them the leaf's: 64 signatures are computed", "search_limit",
      of_no_twin, many_twins, openssl="")
limit("signatures-raised", "the same where 256 may be: none of them is good", "bad_signature", of_no_twin, many_twins,
      "signatures=256", openssl="")

# names: a name, and each subtree that it is compared with; once more for each 16 octets
named = ca("Named", root, nc=([dns("example.com")], ()))


def of_hosts(*hosts):
    return [leaf(named, subject=name(), san=[dns(host) for host in hosts], critical={"san": True}), named]


HOSTS = ("a.example.com", "b.example.com", "c.example.com")
limit("names", "three names under a subtree are six looks", "ok", of_hosts(*HOSTS), [root], "names=6")
limit("names-less", "and five are not enough", "search_limit", of_hosts(*HOSTS), [root], "names=5")
limit("names-short", "a name of 15 octets counts once", "ok", of_hosts("abc.example.com"), [root], "names=2")
limit("names-long", "a name of 16 octets counts twice", "search_limit", of_hosts("abcd.example.com"), [root], "names=2")
limit("names-unbound", "names that nothing binds do not count", "ok", [leaf(root, san=[dns(host) for host in HOSTS])], [root], "names=1")
limit("many-sans", "a leaf with 500 names", "ok", [leaf(root, san=[dns(f"host-{n}.example.com") for n in range(500)])], [root])
many = [dns(f"host-{n}.example.com") for n in range(300)]
many_named = ca("Many named", root, nc=(many, ()))
limit("names-raised", "300 names under 300 subtrees where 200,000 looks are allowed", "ok",
      [leaf(many_named, subject=name(), san=many, critical={"san": True}), many_named], [root], "names=200000")
for allowed in (2, 3):
    case(f"limit-names-allowed-{allowed}", f"the third name is allowed, and {allowed} may be looked at",
         "search_limit" if allowed == 2 else "ok", [leaf(root, san=[dns(host) for host in HOSTS])], [root],
         options=f"--allowed-name dns:exact:{HOSTS[2]} --search-limit names={allowed}", openssl=NO_SUCH * (allowed == 2))

# policies: each that is entered into a set, by a certificate or by a mapping
ASKED = {"policy_constraints": {"explicit": 0}}
asking = ca("Asking", root, policies=[1, 2, 3], **ASKED)
limit("policies", "three policies of a CA, and of its leaf", "ok", [leaf(asking, policies=[1, 2, 3]), asking], [root], "policies=6")
limit("policies-less", "and five are not enough", "search_limit", [leaf(asking, policies=[1, 2, 3]), asking], [root], "policies=5")
mapping = ca("Mapping", root, policies=[1, 2, 3], mappings=[(1, 4)], **ASKED)
limit("policies-mapped", "three of a CA, three when one has another name, and one of the leaf", "ok",
      [leaf(mapping, policies=[4]), mapping], [root], "policies=7")
limit("policies-mapped-less", "and six are not enough", "search_limit", [leaf(mapping, policies=[4]), mapping], [root], "policies=6")
unasked = ca("Unasked", root, policies=[1, 2, 3])
limit("policies-unasked", "where nobody asks none are entered", "ok", [leaf(unasked, policies=[1, 2, 3]), unasked], [root], "policies=1")
levels = [root]
for n in range(8):  # a mapping to the same name enters each policy once more
    levels.append(ca(f"Level {n}", levels[-1], policies=list(range(64)), mappings=[(p, p) for p in range(64)], **ASKED))
of_levels = [leaf(levels[-1], policies=[63]), *reversed(levels[1:])]
limit("policies-default", "eight CAs with 64 policies, each mapped: 1,024 are more than the default", "search_limit", of_levels, [root])
limit("policies-raised", "the same where 10,000 may be entered", "ok", of_levels, [root], "policies=10000")
