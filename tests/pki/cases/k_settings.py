# SPDX-License-Identifier: GPL-3.0-or-later
"""What a profile may ask for: the pinned issuer, depth, names, leaves."""

from certs import ca, dns, email, ip, leaf, name, uri
from table import case

root = ca("Root")
int1 = ca("Int 1", root)
int2 = ca("Int 2", int1)
sibling = ca("Sibling", root)
PIN = "--verify-issuer-dn"
NOT = "is not asked for it"
PINNED = "issuer_not_pinned"


def pin(id, rule, reason, chain, store):
    case("pin-" + id, rule, reason, chain, store, options=PIN, openssl=NOT if reason == PINNED else "")


pin("1-int", "root, intermediate: the intermediate is pinned", "ok", [leaf(int1)], [root, int1])
pin("1-root", "root, intermediate: a leaf of the root is not of the pinned issuer", PINNED, [leaf(root)], [root, int1])
pin("2-int2", "root, two intermediates: the lower one is pinned", "ok", [leaf(int2)], [root, int1, int2])
pin("2-int1", "root, two intermediates: a leaf of the upper one", PINNED, [leaf(int1)], [root, int1, int2])
pin("2-any-order", "root, two intermediates, in another order in the file", "ok", [leaf(int2)], [int2, root, int1])
pin("3-root", "the root alone: it is pinned", "ok", [leaf(root)], [root])
pin("3-int", "the root alone: a leaf of a presented intermediate", PINNED, [leaf(int1), int1], [root])
pin("4-first", "two chains of the same length: the first one's intermediate is pinned", "ok", [leaf(int1)], [root, int1, sibling])
pin("4-second", "two chains of the same length: a leaf of the second", PINNED, [leaf(sibling)], [root, int1, sibling])
pin("5-deepest", "chains of different lengths: the deepest one", "ok", [leaf(int2)], [root, sibling, int1, int2])
pin("5-shorter", "chains of different lengths: a leaf of the shorter", PINNED, [leaf(sibling)], [root, sibling, int1, int2])
other = ca("Other root")
other_int = ca("Other int", other)
pin("files-first", "one name of each file is pinned: the first", "ok", [leaf(int1)], [[root, int1], [other, other_int]])
pin("files-second", "one name of each file is pinned: the second", "ok", [leaf(other_int)], [[root, int1], [other, other_int]])
pin("case", "compared as names are", "ok", [leaf(int1, issuer_name=name(("O", "CASES"), "INT 1"))], [root, int1])
pin("other-key", "a CA of the pinned name that the root certified too", "ok", [leaf(ca("Int 1", root, key=sibling.key)),
                                                                               ca("Int 1", root, key=sibling.key)], [root, int1])
pin("stranger", "the pinned name is no trust by itself", "bad_signature", [leaf(ca("Int 1", other, key=sibling.key)),
                                                                               ca("Int 1", other, key=sibling.key)],
    [root, int1])
pin("presented", "below the pinned intermediate another one is presented", PINNED, [leaf(int2), int2], [root, int1])
case("pin-off", "nobody asks", "ok", [leaf(root)], [root, int1])

# verify_depth: intermediates between leaf and anchor
chain = [root, int1, int2, ca("Int 3", int2)]
for depth in (0, 1, 2, 3):
    for have in range(4):
        if abs(have - depth) > 1:
            continue
        good = have <= depth
        case(f"depth-{depth}-has-{have}", f"verify_depth {depth} and {have} intermediates", "ok" if good else "chain_too_long",
             [leaf(chain[have]), *reversed(chain[1:have + 1])], [root], options=f"--verify-depth {depth}",
             openssl="" if good else NOT)
case("depth-store", "intermediates of the store count too", "chain_too_long", [leaf(int2)], [root, int1, int2],
     options="--verify-depth 1", openssl=NOT)
rolled = ca("Rolled", int1, subject=int1.subject)
# The way within the limit, which leaves it out, has a wrong signature and so gets further.
case("depth-self-issued", "a self-issued intermediate counts, too", "bad_signature", [leaf(rolled), rolled, int1], [root],
     options="--verify-depth 1", openssl=NOT)
case("depth-shorter-way", "the longer of two ways is not the only one", "ok",
     [leaf(int2), int2, int1, ca("Int 2", root)], [root], options="--verify-depth 1")

# allowed_names
SITE = leaf(root, san=[dns("Client-7.Example.com"), email("Ops@example.com"), uri("https://example.com/clients/7"),
                       ip("192.0.2.7")])
for id, value, good, rule in (
        ("dns-exact", "dns:exact:client-7.example.com", True, "a DNS name, without case"),
        ("dns-exact-other", "dns:exact:client-8.example.com", False, "another DNS name"),
        ("dns-exact-part", "dns:exact:example.com", False, "a part of it is not the whole"),
        ("dns-suffix", "dns:suffix:.example.com", True, "a suffix"),
        ("dns-suffix-part", "dns:suffix:ample.com", False, "a suffix that begins within a label"),
        ("dns-suffix-labels", "dns:suffix:example.com", True, "a suffix without a period in front"),
        ("dns-suffix-other", "dns:suffix:.example.org", False, "another suffix"),
        ("dns-prefix", "dns:prefix:client-7", True, "a prefix of whole labels"),
        ("dns-prefix-part", "dns:prefix:client-", False, "a prefix that ends within a label"),
        ("dns-prefix-other", "dns:prefix:server-", False, "another prefix"),
        ("email-exact", "email:exact:Ops@example.com", True, "an address"),
        ("email-other", "email:exact:dev@example.com", False, "another address"),
        ("email-suffix", "email:suffix:@example.com", True, "the addresses of a host"),
        ("uri-exact", "uri:exact:https://example.com/clients/7", True, "a URI"),
        ("uri-prefix", "uri:prefix:https://example.com/clients/", True, "a prefix of a URI"),
        ("uri-other", "uri:prefix:https://example.com/servers/", False, "another prefix of a URI"),
        ("uri-case", "uri:exact:https://example.com/CLIENTS/7", False, "a path has case"),
        ("ip-exact", "ip:exact:192.0.2.7", True, "an address of the network"),
        ("ip-other", "ip:exact:192.0.2.8", False, "another address of the network"),
        ("type", "uri:exact:client-7.example.com", False, "the right text of another type")):
    case("allow-" + id, rule, "ok" if good else "name_not_allowed", [SITE], [root], options=f"--allowed-name {value}",
         openssl="" if good else NOT)
case("allow-two", "one of two names", "ok", [SITE], [root],
     options="--allowed-name dns:exact:x.example --allowed-name dns:suffix:.example.com")
case("allow-no-san", "a leaf without a SAN has no name that could be allowed", "name_not_allowed", [leaf(root)], [root],
     options="--allowed-name dns:exact:client", openssl=NOT)
case("allow-common-name", "a common name is no SAN", "name_not_allowed", [leaf(root, "client.example.com")], [root],
     options="--allowed-name dns:exact:client.example.com", openssl=NOT)
case("allow-nul", "a SAN with a NUL in it", "parse_error", [leaf(root, san=dns("client.example.com\0.evil.org"))], [root],
     options="--allowed-name dns:exact:client.example.com", openssl="is not asked for it")
for id, san, value, good, rule in (
        ("asterisk-pattern", "*.example.com", "exact:host.example.com", False, "an asterisk of a client stands for nobody else"),
        ("asterisk-itself", "*.example.com", "exact:*.example.com", True, "an asterisk that is allowed is itself"),
        ("asterisk-allowed", "host.example.com", "exact:*.example.com", False, "an asterisk that is allowed is no pattern"),
        ("asterisk-alone", "*", "suffix:example.com", False, "an asterisk alone"),
        ("underscore", "a_b.example.com", "suffix:.example.com", True, "an underscore"),
        ("address", "192.0.2.7", "prefix:192.0.2", True, "an address written as a DNS name is a DNS name")):
    case("allow-dns-" + id, rule, "ok" if good else "name_not_allowed", [leaf(root, san=dns(san))], [root],
         options=f"--allowed-name dns:{value}", openssl="" if good else NOT)
case("allow-ip-of-dns", "an address written as a DNS name is no address", "name_not_allowed", [leaf(root, san=dns("192.0.2.7"))],
     [root], options="--allowed-name ip:exact:192.0.2.7", openssl=NOT)
case("allow-unknown-issuer", "an allowed name is no trust by itself", "unknown_issuer",
     [leaf(other, san=dns("client.example.com"))], [root], options="--allowed-name dns:exact:client.example.com")

# SPIFFE: exactly one URI, of the trust domain
for id, sans, good, rule in (
        ("good", [uri("spiffe://example.org/workload")], True, "a workload of the trust domain"),
        ("deep", [uri("spiffe://example.org/a/b/c-1_2.3")], True, "a path of several segments"),
        ("beside-dns", [uri("spiffe://example.org/w"), dns("w.example.org")], True, "a DNS name beside it"),
        ("other-domain", [uri("spiffe://example.com/workload")], False, "another trust domain"),
        ("subdomain", [uri("spiffe://a.example.org/workload")], False, "a trust domain below it is another one"),
        ("two-uris", [uri("spiffe://example.org/a"), uri("spiffe://example.org/b")], False, "two URIs"),
        ("second-uri", [uri("spiffe://example.org/a"), uri("https://example.org/")], False, "a second URI of another scheme"),
        ("https", [uri("https://example.org/workload")], False, "another scheme"),
        ("none", [dns("w.example.org")], False, "no URI"),
        ("no-path", [uri("spiffe://example.org")], False, "the trust domain itself is no workload"),
        ("slash-only", [uri("spiffe://example.org/")], False, "an empty path segment"),
        ("trailing-slash", [uri("spiffe://example.org/w/")], False, "a trailing slash"),
        ("double-slash", [uri("spiffe://example.org//w")], False, "an empty segment"),
        ("dots", [uri("spiffe://example.org/a/../b")], False, "a dot segment"),
        ("port", [uri("spiffe://example.org:8443/w")], False, "a port"),
        ("user", [uri("spiffe://user@example.org/w")], False, "user information"),
        ("query", [uri("spiffe://example.org/w?x=1")], False, "a query"),
        ("fragment", [uri("spiffe://example.org/w#x")], False, "a fragment"),
        ("percent", [uri("spiffe://example.org/%77")], False, "percent encoding"),
        ("upper-domain", [uri("spiffe://EXAMPLE.org/w")], False, "a trust domain in upper case"),
        ("prefix-trick", [uri("spiffe://example.org.evil.com/w")], False, "a trust domain that begins the same")):
    case("spiffe-" + id, rule, "ok" if good else "name_not_allowed", [leaf(root, san=sans)], [root],
         options="--spiffe-trust-domain example.org", openssl="" if good else NOT)

# allowed_leaves
same_bytes = {"kind": "ed25519"}  # whose signatures are the same in every run, as the digests in the options have to be
mine_root, other = ca("Root", **same_bytes), ca("Other root", **same_bytes)
mine = leaf(mine_root, "listed")
case("leaf-listed", "the leaf's SHA-256 is listed", "ok", [mine], [mine_root], options=f"--allowed-leaf {mine.sha256()}")
case("leaf-not-listed", "the leaf's SHA-256 is not listed", "name_not_allowed", [mine], [mine_root],
     options=f"--allowed-leaf {'0' * 64}", openssl=NOT)
case("leaf-one-of-two", "one of two listed", "ok", [mine], [mine_root],
     options=f"--allowed-leaf {'0' * 64} --allowed-leaf {mine.sha256()}")
stranger = leaf(other, "listed")
case("leaf-listed-stranger", "a listed leaf still has to be issued by the store's authorities", "unknown_issuer", [stranger],
     [mine_root], options=f"--allowed-leaf {stranger.sha256()}")
expired = leaf(mine_root, "listed", end="2021-01-01T00:00:00")
case("leaf-listed-expired", "a listed leaf still has to be valid", "expired", [expired], [mine_root],
     options=f"--allowed-leaf {expired.sha256()}")
