# SPDX-License-Identifier: GPL-3.0-or-later
"""Plain paths: what is presented, what the store has (RFC 5280 section 6.1, the first steps of RFC 4158)."""

from certs import ca, email, leaf, name
from table import case

root = ca("Root")
int1 = ca("Int 1", root)
int2 = ca("Int 2", int1)
client = leaf(int1)
deep = leaf(int2)
other = ca("Another root")
other_int = ca("Another int", other)

case("path-root-leaf", "a leaf of the root itself", "ok", [leaf(root)], [root])
case("path-int-presented", "the intermediate is presented", "ok", [client, int1], [root])
case("path-int-in-store", "the intermediate is missing and stands in the store", "ok", [client], [root, int1])
case("path-int-in-both", "the intermediate is presented and stands in the store", "ok", [client, int1], [root, int1])
case("path-two-ints-presented", "two intermediates are presented", "ok", [deep, int2, int1], [root])
case("path-two-ints-in-store", "two intermediates stand in the store", "ok", [deep], [root, int1, int2])
case("path-lower-presented", "the lower intermediate is presented, the upper one stands in the store", "ok",
     [deep, int2], [root, int1])
case("path-upper-presented", "the upper intermediate is presented, the lower one stands in the store", "ok",
     [deep, int1], [root, int1, int2])
case("path-root-presented-too", "a root at the end of what is presented does no harm", "ok", [client, int1, root], [root])
case("path-int-missing", "the intermediate is nowhere", "unknown_issuer", [client], [root])
case("path-upper-missing", "the upper intermediate is nowhere", "unknown_issuer", [deep, int2], [root])
case("path-lower-missing", "the lower intermediate is nowhere", "unknown_issuer", [deep, int1], [root])
case("path-other-ca", "issued by an authority that the store does not have", "unknown_issuer", [leaf(other_int), other_int],
     [root])
case("path-other-root-presented", "presenting a root does not make it trusted", "unknown_issuer",
     [leaf(other_int), other_int, other], [root])
case("path-trusted-root-presented-too", "our root at the end of a stranger's chain vouches for nothing", "unknown_issuer",
     [leaf(other_int), other_int, other, root], [root])
case("path-root-key-other-name", "the root's key under another name is no authority", "unknown_issuer",
     [leaf(ca("Alias", key=root.key)), ca("Alias", key=root.key)], [root])
case("path-other-root-leaf", "root and leaf of a stranger", "unknown_issuer", [leaf(other), other], [root])
case("path-self-signed-leaf", "a self-signed certificate is its own authority", "unknown_issuer",
     [leaf(None, "client")], [root])
case("path-self-signed-ca-leaf", "a self-signed CA certificate presented as a leaf", "unknown_issuer",
     [ca("Own CA", ku=["keyCertSign", "digitalSignature"])], [root])
case("path-no-certificate", "nothing is presented", "no_certificate", [], [root])
case("path-two-files", "the second of two chains", "ok", [leaf(other_int), other_int], [[root], [other]])
case("path-two-files-first", "the first of two chains", "ok", [client, int1], [[root], [other]])
case("path-five-files", "the fifth of five chains", "ok", [leaf(ca("Root E"))], [[ca(f"Root {x}")] for x in "ABCDE"])
case("path-six-files", "five chains for a profile and no more", "too_many_chains", [leaf(root)],
     [[ca(f"Root {x}")] for x in "ABCDEF"], store_refused=True,
     handshake="the start-up file is refused")
case("path-six-files-allowed", "max_chains raises the limit", "ok", [leaf(ca("Root F"))],
     [[ca(f"Root {x}")] for x in "ABCDEF"], options="--max-chains 6")

chain = [root]
for number in range(1, 9):
    chain.append(ca(f"Deep {number}", chain[-1]))
for depth in (3, 4, 5, 8):
    presented = [leaf(chain[depth]), *reversed(chain[1:depth + 1])]
    case(f"path-{depth}-ints", f"{depth} intermediates are presented", "ok", presented, [root])
case("path-8-ints-in-store", "8 intermediates in the store", "ok", [leaf(chain[8])], chain)
for number in range(9, 16):
    chain.append(ca(f"Deep {number}", chain[-1]))
for depth, reason, options, words in ((10, "ok", "", "as many as verify_depth allows by default"),
                                      (11, "chain_too_long", "", "one more than verify_depth allows by default"),
                                      (15, "ok", "--verify-depth 16", "as many as are looked at")):
    case(f"path-{depth}-ints", f"{depth} intermediates: {words}", reason, [leaf(chain[depth]), *reversed(chain[1:depth + 1])],
         [root], options=options, openssl="has a higher limit" if reason != "ok" else "")

case("path-leaf-with-ca-flag", "the target may itself be a CA (section 6.1 asks nothing of the last certificate's cA)", "ok",
     [leaf(root, "client CA", bc=[True], ku=["digitalSignature", "keyCertSign"])], [root])
case("path-leaf-says-not-ca", "basicConstraints of a leaf may be there and say no", "ok", [leaf(root, bc=[False])], [root])
case("path-leaf-empty-bc", "an empty basicConstraints says no", "ok", [leaf(root, bc=b"\x30\x00")], [root])
case("path-email-leaf", "an attribute of the subject may be an address", "ok",
     [leaf(root, subject=name(("O", "Cases"), "client", ("emailAddress", "client@example.com")))], [root])
case("path-rfc822-san", "a leaf with only an address in its SAN", "ok", [leaf(root, san=email("client@example.com"))], [root])

# Leaf and anchor at once
own = ca("Own CA", ku=["keyCertSign", "digitalSignature"])
case("path-anchor-as-leaf", "the root itself is presented: it vouches for itself, and an anchor is none of the path (section 6.1)",
     "ok", [own], [own])
case("path-anchor-as-leaf-usage", "the root itself is presented, and its key signs certificates alone", "key_usage", [root], [root])
own_leaf = leaf(None, "own")
case("path-self-signed-leaf-in-store", "a self-signed leaf is no anchor for standing in the store", "unknown_issuer", [own_leaf],
     [root, own_leaf], openssl="takes whatever is self-signed for an anchor")
case("path-self-issued-leaf", "a leaf that bears its issuer's name", "ok", [leaf(root, subject=root.subject)], [root])
case("path-self-issued-leaf-same-key", "a leaf that bears its issuer's name and key", "ok",
     [leaf(root, subject=root.subject, key=root.key, san=email("client@example.com"))], [root], openssl="takes it for self-signed")
