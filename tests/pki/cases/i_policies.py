# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificate policies (sections 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14; 6.1.2 to 6.1.5 as RFC 9618 has them).  The initial set is
anyPolicy and no explicit policy is asked for, so a path fails only where a CA on it asks for one."""

import der
from certs import ca, ext, leaf, name, policy
from table import case, openssl_differs

root = ca("Root")


def pol(id, rule, reason, *ints, end=None, openssl="", top=root):
    """Intermediates by their options, topmost first; "self": it bears its issuer's name.  end: options of the leaf."""
    certs = [top]
    for number, options in enumerate(ints):
        options = dict(options)
        self_issued = options.pop("self", False)
        subject = certs[-1].subject if self_issued else name(("O", "Cases"), f"Policy {number}")
        certs.append(ca(f"Policy {number}", certs[-1], subject=subject, **options))
    case("pol-" + id, rule, reason, [leaf(certs[-1], **(end or {})), *reversed(certs[1:])], [top], openssl=openssl)


def one(*numbers):
    return {"policies": list(numbers)}


def asks(skip, *numbers, **more):
    """requireExplicitPolicy after that many certificates."""
    return {"policy_constraints": {"explicit": skip}, **(one(*numbers) if numbers else {}), **more}


# Nobody asks: whatever the policies, the path is good
pol("none", "no policies at all", "ok", {})
pol("same", "the same policy everywhere", "ok", one(1), end=one(1))
pol("different", "different policies, and nobody asks", "ok", one(1), end=one(2))
pol("int-none", "a policy of the leaf alone", "ok", {}, end=one(1))
pol("critical", "critical certificatePolicies", "ok", {**one(1), "critical": {"policies": True}}, end={**one(1), "critical": {"policies": True}})
pol("any", "anyPolicy everywhere", "ok", one("any"), end=one("any"))

# requireExplicitPolicy
pol("explicit-same", "asked for, and the same policy everywhere", "ok", asks(0, 1), end=one(1))
pol("explicit-one-of-two", "asked for, and one policy in common", "ok", asks(0, 1, 2), end=one(2, 3))
pol("explicit-none", "asked for, and there is none", "policy", asks(0))
pol("explicit-leaf-none", "asked for, and the leaf has none", "policy", asks(0, 1))
pol("explicit-int-none", "asked for, and the CA itself has none", "policy", asks(0), end=one(1))
pol("explicit-different", "asked for, and none in common", "policy", asks(0, 1), end=one(2))
pol("explicit-middle-none", "asked for, and the lower CA has none", "policy", asks(0, 1), {}, end=one(1))
pol("explicit-middle-different", "asked for, and the lower CA has another one", "policy", asks(0, 1), one(2), end=one(1))
pol("explicit-not-critical", "policyConstraints that are not critical (section 4.2.1.11: must be) are heeded all the same", "policy",
    {**asks(0, 1), "critical": {"policy_constraints": False}})
pol("explicit-not-critical-good", "policyConstraints that are not critical, and the leaf has a policy", "ok",
    {**asks(0, 1), "critical": {"policy_constraints": False}}, end=one(1))
pol("explicit-1-leaf", "1: the leaf is the last certificate that needs none, yet the end counts one down (6.1.5 (a))", "policy", asks(1))
pol("explicit-1-self-issued-end", "1: so it does for a leaf that is self-issued", "policy", asks(1),
    end={"subject": name(("O", "Cases"), "Policy 0")}, openssl="does not count such a leaf")
pol("explicit-2-leaf", "2: a leaf needs none", "ok", asks(2))
pol("explicit-2-int", "2 over an intermediate: not any more", "policy", asks(2), {})
pol("explicit-3-int", "3 over an intermediate", "ok", asks(3), {})
pol("explicit-10", "10 over three intermediates", "ok", asks(10), {}, {}, {})
pol("explicit-5", "5 over three intermediates", "ok", asks(5), {}, {}, {})
pol("explicit-4", "4 over three intermediates", "policy", asks(4), {}, {}, {})
pol("explicit-7-2-4", "7, then 2: a later 4 does not widen it", "policy", asks(7), asks(2), asks(4), {})
pol("explicit-self-issued", "self-issued intermediates do not count down", "ok", asks(2), {"self": True})
pol("explicit-self-issued-then", "the one behind them does", "policy", asks(2), {"self": True}, {})
pol("explicit-self-issued-around", "self-issued ones before and behind the one that counts", "policy",
    asks(2), {"self": True}, {}, {"self": True})
pol("explicit-four-cas", "asked for at the top, and all four CAs below have it", "ok", asks(0, 1), one(1), one(1), one(1), end=one(1))
pol("explicit-lower", "a lower CA asks, and there is one everywhere", "ok", one(1), asks(0, 1), end=one(1))
pol("explicit-lower-leaf", "a lower CA asks, and the leaf has another one", "policy", one(1), asks(0, 1), end=one(2))
pol("explicit-lower-itself", "a lower CA asks for one itself, and only it has another one", "policy", one(1), asks(0, 2), end=one(1))
pol("explicit-overlap", "fewer policies from CA to CA, and one left for the leaf", "ok", asks(0, 1, 2, 3, 4), one(1, 2, 3), one(1, 2),
    end=one(1))
pol("explicit-dropped", "a policy that a CA in between dropped does not come back with the leaf", "policy", asks(0, 1, 2, 3), one(1, 2),
    one(1), end=one(2))
pol("explicit-dropped-by-int", "nor does it with the next CA", "policy", asks(0, 1, 2), one(1), one(2), end=one(2))
pol("explicit-dropped-and-back", "nor does it with the next CA but one", "policy",
    asks(0, 1, 2, 3), one(1, 2), one(2), one(1), end=one(1))
pol("explicit-leaf-asks", "the leaf asks itself (6.1.5 (b))", "policy", {}, end={"policy_constraints": {"explicit": 0}})
pol("explicit-leaf-asks-good", "the leaf asks itself and has one", "ok", one(1),
    end={**one(1), "policy_constraints": {"explicit": 0}})
pol("explicit-leaf-asks-later", "the leaf asks for 1: too late to matter", "ok", {}, end={"policy_constraints": {"explicit": 1}})

# anyPolicy and its inhibition
pol("any-everywhere", "asked for, and anyPolicy everywhere is a policy", "ok", asks(0, "any"), end=one("any"))
pol("any-of-int", "a CA for any policy", "ok", asks(0, "any"), end=one(1))
pol("any-of-leaf", "a leaf with anyPolicy under a CA with one", "ok", asks(0, 1), end=one("any"))
pol("any-of-middle", "anyPolicy in the middle", "ok", asks(0, 1), one("any"), end=one(1))
pol("any-of-middle-other", "anyPolicy in the middle does not invent another", "policy", asks(0, 1), one("any"), end=one(2))
pol("any-inhibited-0", "inhibitAnyPolicy 0: the leaf's does not count", "policy", asks(0, 1, inhibit_any=0), end=one("any"))
pol("any-inhibited-0-other", "inhibitAnyPolicy 0 does not bind other policies", "ok", asks(0, 1, inhibit_any=0), end=one(1))
pol("any-inhibited-0-beside", "the leaf has anyPolicy and the right one", "ok", asks(0, 1, inhibit_any=0), end=one("any", 1))
pol("any-inhibited-1", "inhibitAnyPolicy 1: the next one's counts", "ok", asks(0, 1, inhibit_any=1), end=one("any"))
pol("any-inhibited-1-later", "inhibitAnyPolicy 1: the one after it does not", "policy", asks(0, 1, inhibit_any=1), one(1), end=one("any"))
pol("any-inhibited-1-int", "inhibitAnyPolicy 1: that of a CA counts for a leaf with a policy", "ok",
    asks(0, 1, inhibit_any=1), one("any"), end=one(1))
pol("any-inhibited-1-int-leaf", "that of a CA counts, and that of the leaf below does not", "policy",
    asks(0, 1, inhibit_any=1), one("any"), end=one("any"))
pol("any-inhibited-5-then-1", "5, then 1, and two CAs on", "policy", asks(0, 1, inhibit_any=5), {**one(1), "inhibit_any": 1}, one(1),
    end=one("any"))
pol("any-inhibited-1-then-5", "a later 5 does not widen it", "policy", asks(0, 1, inhibit_any=1), {**one(1), "inhibit_any": 5}, one(1),
    end=one("any"))
pol("any-inhibited-own", "inhibitAnyPolicy does not bind the CA that says it", "ok", asks(0, "any", inhibit_any=0), end=one(1))
pol("any-inhibited-self-issued", "a self-issued intermediate may use it (6.1.3 (d)(2))", "ok", asks(0, 1, inhibit_any=0),
    {**one("any"), "self": True}, end=one(1))
pol("any-inhibited-self-issued-leaf", "its leaf may not", "policy", asks(0, 1, inhibit_any=0), {**one("any"), "self": True}, end=one("any"))
pol("any-inhibited-self-issued-count", "a self-issued intermediate does not count down", "ok", asks(0, 1, inhibit_any=1),
    {**one(1), "self": True}, end=one("any"))
pol("any-inhibited-1-self-issued-int", "1, a self-issued intermediate, and the CA behind it may still use it", "ok",
    asks(0, 1, inhibit_any=1), {**one(1), "self": True}, one("any"), end=one(1))
pol("any-inhibited-1-self-issued-ints", "the CA behind that one may not", "policy",
    asks(0, 1, inhibit_any=1), {**one(1), "self": True}, one("any"), one("any"), end=one(1))
pol("any-inhibited-1-self-issued-below", "a self-issued intermediate below may", "ok",
    asks(0, 1, inhibit_any=1), {**one(1), "self": True}, one("any"), {**one("any"), "self": True}, end=one(1))
pol("any-inhibited-1-self-issued-end", "a leaf may not, though it is self-issued", "policy",
    asks(0, 1, inhibit_any=1), {**one(1), "self": True}, one("any"),
    end={**one("any"), "subject": name(("O", "Cases"), "Policy 2")})
pol("any-inhibited-not-critical", "inhibitAnyPolicy that is not critical (section 4.2.1.14: must be) is heeded all the same", "policy",
    asks(0, 1, inhibit_any=0, critical={"inhibit_any": False}), end=one("any"))
pol("any-inhibited-not-critical-good", "inhibitAnyPolicy that is not critical, and the leaf has a policy of its own", "ok",
    asks(0, 1, inhibit_any=0, critical={"inhibit_any": False}), end=one(1))
pol("any-inhibited-nobody-asks", "inhibited, and nobody asks for a policy", "ok", {**one(1), "inhibit_any": 0}, end=one("any"))

# Mappings
pol("map", "1 is called 2 below", "ok", asks(0, 1, mappings=[(1, 2)]), end=one(2))
pol("map-old-name", "below, the old name is unknown", "policy", asks(0, 1, mappings=[(1, 2)]), end=one(1))
pol("map-through", "1 is called 2, then 3", "ok", asks(0, 1, mappings=[(1, 2)]), {**one(2), "mappings": [(2, 3)]}, end=one(3))
pol("map-through-skipped", "1 is called 2, then 3; the leaf says 2", "policy", asks(0, 1, mappings=[(1, 2)]),
    {**one(2), "mappings": [(2, 3)]}, end=one(2))
pol("map-two-to-one", "1 and 2 are both called 3", "ok", asks(0, 1, 2, mappings=[(1, 3), (2, 3)]), end=one(3))
pol("map-one-to-two", "1 is called 2 and 3", "ok", asks(0, 1, mappings=[(1, 2), (1, 3)]), end=one(3))
pol("map-other", "a policy that is not mapped keeps its name", "ok", asks(0, 1, 2, mappings=[(1, 3)]), end=one(2))
pol("map-swap", "1 and 2 change names", "ok", asks(0, 1, 2, mappings=[(1, 2), (2, 1)]), end=one(1))
pol("map-not-held", "a mapping of a policy that the CA does not have gives nothing", "policy", asks(0, 1, mappings=[(5, 6)]), end=one(6))
pol("map-of-any", "a CA for any policy maps one of them", "ok", asks(0, "any", mappings=[(1, 2)]), end=one(2))
pol("map-of-any-old-name", "a CA for any policy maps one of them, and the leaf has that one as any", "ok",
    asks(0, "any", mappings=[(1, 2)]), end=one(1))
pol("map-of-any-below", "a CA for any policy under one with 1 maps 1", "ok", one(1), asks(0, "any", mappings=[(1, 2)]), end=one(2))
pol("map-of-any-below-old-name", "there the old name is unknown below", "policy", one(1), asks(0, "any", mappings=[(1, 2)]), end=one(1))
pol("map-beside-any", "1, mapped, beside anyPolicy: the new name", "ok", asks(0, 1, "any", mappings=[(1, 2)]), end=one(2))
pol("map-beside-any-old-name", "1, mapped, beside anyPolicy: the old name is one of any", "ok", asks(0, 1, "any", mappings=[(1, 2)]),
    end=one(1))
pol("map-beside-any-of-leaf", "of two policies one is mapped; the leaf has the new name and anyPolicy", "ok",
    asks(0, 1, 2, mappings=[(1, 3)]), end=one(3, "any"))
RENAMED = (asks(0, 1, 2, mappings=[(1, 3)]), {**one(2, 5), "mappings": [(2, 4), (5, 7)]}, {**one(3, 4), "mappings": [(4, 8)]})
pol("map-two-ways", "one of two policies is dropped, the other is renamed twice", "ok", *RENAMED, end=one(8))
pol("map-two-ways-dropped", "the name of the one that was dropped does not come back", "policy", *RENAMED, end=one(3))
FORKED = (asks(0, 1, mappings=[(1, 2), (1, 3), (1, 4)]), {**one(2, 4), "mappings": [(2, 5), (4, 6)]})
pol("map-fork-first", "1 is called 2, 3 and 4, then two of them anew: the first", "ok", *FORKED, end=one(5))
pol("map-fork-second", "the second of the two", "ok", *FORKED, end=one(6))
pol("map-fork-dropped", "the third, that the lower CA does not have", "policy", *FORKED, end=one(3))
pol("map-from-any", "anyPolicy is never mapped (6.1.4 (a))", "policy", {**one("any"), "mappings": [("any", 2)]}, end=one(2))
pol("map-to-any", "nothing is mapped to anyPolicy (6.1.4 (a))", "policy", {**one(1), "mappings": [(1, "any")]}, end=one(2))
pol("map-not-critical", "policyMappings that are not critical are heeded all the same", "policy",
    asks(0, 1, mappings=[(1, 2)], critical={"mappings": False}), end=one(1))
pol("map-inhibited", "inhibitPolicyMapping 0: mappings below delete", "policy",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 0}}, {**one(1), "mappings": [(1, 2)]}, end=one(2))
pol("map-inhibited-old-name", "inhibited: the old name goes too (6.1.4 (b)(2))", "policy",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 0}}, {**one(1), "mappings": [(1, 2)]}, end=one(1))
pol("map-inhibited-other", "inhibited: a policy that is not mapped stays", "ok",
    {**one(1, 3), "policy_constraints": {"explicit": 0, "mapping": 0}}, {**one(1, 3), "mappings": [(1, 2)]}, end=one(3))
pol("map-inhibited-1", "inhibitPolicyMapping 1: the next CA may still map", "ok",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1), "mappings": [(1, 2)]}, end=one(2))
pol("map-inhibited-1-later", "inhibitPolicyMapping 1: the one after it may not", "policy",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1), "mappings": [(1, 2)]}, {**one(2), "mappings": [(2, 3)]},
    end=one(3))
pol("map-inhibited-both-names", "inhibited: a leaf with the old and the new name", "policy",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 0}}, {**one(1), "mappings": [(1, 2)]}, end=one(1, 2))
ONCE = ({**one(1, 2), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1, 2), "mappings": [(1, 3), (2, 4)]},
        {**one(3, 4), "mappings": [(3, 5)]})
pol("map-inhibited-1-two-names", "inhibitPolicyMapping 1: of two policies that one CA mapped the next maps one", "policy",
    *ONCE, end=one(5))
pol("map-inhibited-1-other-name", "the one that it leaves alone is good", "ok", *ONCE, end=one(4))
pol("map-inhibited-1-then-5", "a later 5 does not widen it", "policy",
    {**one(1, 2), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1, 2), "policy_constraints": {"mapping": 5}},
    {**one(1, 2), "mappings": [(1, 3)]}, end=one(3))
pol("map-inhibited-1-self-issued", "a self-issued intermediate does not count down", "ok",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1), "self": True}, {**one(1), "mappings": [(1, 2)]}, end=one(2))
THROUGH = ({**one(1), "policy_constraints": {"explicit": 0, "mapping": 1}}, {**one(1), "self": True},
           {**one(1), "mappings": [(1, 2)]})
AGAIN = {**one(2), "mappings": [(2, 3)]}
pol("map-inhibited-1-again", "the CA behind the one that may maps again: the new name", "policy", *THROUGH, AGAIN, end=one(3))
pol("map-inhibited-1-again-old-name", "the CA behind the one that may maps again: the old name", "policy",
    *THROUGH, AGAIN, end=one(2))
pol("map-inhibited-1-self-issued-again", "a self-issued intermediate behind it maps again: the new name", "policy",
    *THROUGH, {**AGAIN, "self": True}, end=one(3))
# The way past that one breaks no rule but has a wrong signature, and so gets further.
pol("map-inhibited-1-self-issued-again-old-name", "a self-issued intermediate behind it maps again: the old name", "bad_signature",
    *THROUGH, {**AGAIN, "self": True}, end=one(2))
pol("map-inhibited-5-then-1", "5, then 1, and two CAs on", "policy",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 5}}, {**one(1), "policy_constraints": {"mapping": 1}},
    one(1), {**one(1), "mappings": [(1, 2)]}, end=one(2))
pol("map-inhibited-own", "inhibitPolicyMapping does not bind the CA that says it", "ok",
    {**one(1), "policy_constraints": {"explicit": 0, "mapping": 0}, "mappings": [(1, 2)]}, end=one(2))
pol("map-any-below", "mapped, then anyPolicy in the middle", "ok", asks(0, 1, mappings=[(1, 2)]), one("any"), end=one(2))
pol("map-nobody-asks", "a mapping that breaks the chain of policies, and nobody asks", "ok", {**one(1), "mappings": [(1, 2)]}, end=one(1))

# Syntax
qualifier = der.sequence(der.oid("1.3.6.1.5.5.7.2.1"), der.ia5("https://example.com/cps"))
pol("qualifier", "a qualifier is no concern of ours", "ok", asks(0, 1),
    end={"policies": der.sequence(der.sequence(der.oid(policy(1)), der.sequence(qualifier)))})


def with_notice(which, text="Only as agreed.", number=1):
    """A policy with a user notice (section 4.2.1.4): a reference, and a text."""
    reference = der.sequence(der.utf8("Cases"), der.sequence(der.integer(number)))
    notice = der.sequence(der.oid("1.3.6.1.5.5.7.2.2"), der.sequence(reference, der.utf8(text)))
    return der.sequence(der.oid(policy(which)), der.sequence(notice))


def noticed(*policies):
    return {"policies": der.sequence(*policies)}


pol("notice", "a user notice is no concern of ours", "ok", asks(0, 1), end=noticed(with_notice(1)))
pol("notice-two", "a notice for each of two policies", "ok", asks(0, 1), end=noticed(with_notice(1), with_notice(2, number=2)))
pol("notice-any", "a notice for anyPolicy", "ok", asks(0, 1), end=noticed(with_notice("any")))
pol("notice-beside-any", "a notice for a policy, another for anyPolicy", "ok", asks(0, 1, 2),
    end=noticed(with_notice(1), with_notice("any", number=2)))
pol("notice-long", "a text of 300 characters, more than section 4.2.1.4 wants", "ok", asks(0, 1),
    end=noticed(with_notice(1, "x" * 300)))
pol("notice-mapped", "notices of policies that are mapped", "ok",
    {**asks(0, mappings=[(1, 2)]), **noticed(with_notice(1), with_notice("any"))}, end=one(2))
pol("empty-list", "certificatePolicies without a policy", "parse_error", {"policies": der.sequence()})
pol("twice", "a policy twice (section 4.2.1.4: must not)", "parse_error", one(1, 1))
pol("malformed", "certificatePolicies that are no SEQUENCE", "parse_error", {"policies": der.octet_string(b"x")})
pol("malformed-leaf", "a leaf whose certificatePolicies are no SEQUENCE", "parse_error", {}, end={"policies": der.octet_string(b"x")})
pol("constraints-empty", "policyConstraints that constrain nothing (section 4.2.1.11: must not)", "parse_error",
    {"policy_constraints": der.sequence()})
pol("constraints-negative", "a negative requireExplicitPolicy", "parse_error", {"policy_constraints": der.sequence(b"\x80\x01\xff")})
pol("constraints-trailing", "octets behind policyConstraints", "parse_error",
    {"policy_constraints": der.sequence(b"\x80\x01\x05") + b"\0"}, openssl="does not look")
pol("inhibit-any-negative", "a negative inhibitAnyPolicy", "parse_error", {"inhibit_any": -1})
pol("inhibit-any-twice", "inhibitAnyPolicy twice", "duplicate_extension",
    {"inhibit_any": 3, "extra": [ext("inhibit_any", der.integer(5), True)]})
pol("mappings-empty", "policyMappings without a mapping", "parse_error", {**one(1), "mappings": []})
pol("constraints-in-leaf-malformed", "a leaf whose policyConstraints are malformed", "parse_error", {},
    end={"policy_constraints": der.octet_string(b"x")})

# The root's own (RFC 5937 section 3)
asking = ca("Asking root", **asks(0))
pol("root-asks", "the root asks for a policy and there is none: anchors are held to what they say", "policy", {}, top=asking)
pol("root-asks-different", "the root asks for a policy and there is none in common", "policy", one(1), one(2), end=one(2), top=asking)
pol("root-no-mapping", "the root inhibits mappings", "policy", {**one(1), "mappings": [(1, 2)]}, end=one(2),
    top=ca("Asking root", policy_constraints={"explicit": 0, "mapping": 0}))
pol("root-no-any", "the root inhibits anyPolicy", "policy", one("any"), end=one(1), top=ca("Asking root", **asks(0, inhibit_any=0)))
pol("root-no-any-good", "the root inhibits anyPolicy, and the same policy stands everywhere", "ok", one(1), end=one(1),
    top=ca("Asking root", **asks(0, inhibit_any=0)))
pol("root-asks-good", "the root asks for a policy and there is one", "ok", one(1), end=one(1),
    top=ca("Asking root", **asks(0, "any")))

# Bounded work (RFC 9618): a tree would have 2^7 and 8^3 leaves
both = [(1, 1), (1, 2), (2, 1), (2, 2)]
pol("graph-deep", "seven CAs that each map two policies to both", "ok", asks(0, 1, 2, mappings=both),
    *[{**one(1, 2), "mappings": both}] * 6, end=one(1))
wide = [(a, b) for a in range(1, 9) for b in range(1, 9)]
pol("graph-wide", "three CAs that each map eight policies to eight", "ok", asks(0, *range(1, 9), mappings=wide),
    *[{**one(*range(1, 9)), "mappings": wide}] * 2, end=one(8))
pol("65-mappings", "more mappings than anybody writes", "parse_error", {**one(1), "mappings": [(1, n) for n in range(2, 67)]}, end=one(2),
    openssl="knows no such limit")
pol("65-policies", "more policies than anybody writes", "parse_error", one(*range(1, 66)), end=one(1), openssl="knows no such limit")

openssl_differs("does not look", "pol-empty-list", "pol-inhibit-any-negative", "pol-inhibit-any-twice")
openssl_differs("does not hold an anchor to what it says", "pol-root-asks", "pol-root-asks-different", "pol-root-no-mapping",
                "pol-root-no-any")
openssl_differs("keeps a tree of at most 1,000 nodes", "pol-graph-wide")
