# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates as the cases need them: ca() and leaf() make what a careful authority would issue, and every part of it can be
changed, left out or replaced by other bytes."""

import dataclasses
import hashlib
import ipaddress

import der
import keys

BEGIN, END = "2020-01-01T00:00:00", "2049-12-31T23:59:59"

OIDS = {
    "ski": "2.5.29.14", "ku": "2.5.29.15", "san": "2.5.29.17", "ian": "2.5.29.18", "bc": "2.5.29.19", "nc": "2.5.29.30",
    "crl": "2.5.29.31", "policies": "2.5.29.32", "mappings": "2.5.29.33", "aki": "2.5.29.35",
    "policy_constraints": "2.5.29.36", "eku": "2.5.29.37", "inhibit_any": "2.5.29.54", "aia": "1.3.6.1.5.5.7.1.1",
}
ATTRIBUTES = {"CN": "2.5.4.3", "C": "2.5.4.6", "L": "2.5.4.7", "ST": "2.5.4.8", "O": "2.5.4.10", "OU": "2.5.4.11",
              "serialNumber": "2.5.4.5", "DC": "0.9.2342.19200300.100.1.25", "emailAddress": "1.2.840.113549.1.9.1"}
USAGES = ("digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign",
          "cRLSign", "encipherOnly", "decipherOnly")
PURPOSES = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2", "code": "1.3.6.1.5.5.7.3.3",
            "email": "1.3.6.1.5.5.7.3.4", "ocsp": "1.3.6.1.5.5.7.3.9", "any": "2.5.29.37.0"}
ANY_POLICY = "2.5.29.32.0"
POLICY_ARC = "1.3.6.1.4.1.55555.1."


def attribute(kind, value):
    """value: text, or a whole element."""
    if isinstance(value, str):
        value = der.ia5(value) if kind in ("DC", "emailAddress") else der.utf8(value)
    return der.sequence(der.oid(ATTRIBUTES.get(kind, kind)), value)


def name(*rdns):
    """Each a pair (kind, value), or a list of pairs for one with several values; a lone text is a common name."""
    out = []
    for rdn in rdns:
        pairs = [("CN", rdn)] if isinstance(rdn, str) else rdn if isinstance(rdn, list) else [rdn]
        out.append(der.set_of(*(attribute(*pair) for pair in pairs)))
    return der.sequence(*out)


# GeneralName
def dns(text):
    return der.context(2, text.encode("latin-1"), constructed=False)


def email(text):
    return der.context(1, text.encode("latin-1"), constructed=False)


def uri(text):
    return der.context(6, text.encode("latin-1"), constructed=False)


def ip(text):
    """An address, or address/prefix or address/mask for a constraint, or bytes."""
    if isinstance(text, str) and "/" in text:
        address, mask = text.split("/")
        if mask.isdigit():
            net = ipaddress.ip_network(text, strict=False)
            mask = net.netmask
        text = ipaddress.ip_address(address).packed + ipaddress.ip_address(str(mask)).packed
    elif isinstance(text, str):
        text = ipaddress.ip_address(text).packed
    return der.context(7, text, constructed=False)


def dirname(*rdns):
    return der.context(4, name(*rdns))


def registered_id(dotted):
    return der.context(8, der.oid(dotted)[2:], constructed=False)


def other_name(dotted, value):
    return der.context(0, der.oid(dotted), der.context(0, value))


# Extensions
def ext(oid, value, critical=False):
    return der.sequence(der.oid(OIDS.get(oid, oid)), der.boolean(True) if critical else b"", der.octet_string(value))


def basic_constraints(is_ca, path_length=None):
    return der.sequence(der.boolean(True) if is_ca else b"", b"" if path_length is None else der.integer(path_length))


def name_constraints(permitted=(), excluded=()):
    def subtrees(number, bases):
        return der.context(number, *(base if base[:1] == b"\x30" else der.sequence(base) for base in bases)) if bases else b""
    return der.sequence(subtrees(0, permitted), subtrees(1, excluded))


def policy(text):
    """A number is one of our own policies, "any" is anyPolicy."""
    return ANY_POLICY if text == "any" else POLICY_ARC + str(text)


def policies(*wanted):
    return der.sequence(*(der.sequence(der.oid(policy(p))) for p in wanted))


def mappings(*pairs):
    return der.sequence(*(der.sequence(der.oid(policy(a)), der.oid(policy(b))) for a, b in pairs))


def policy_constraints(explicit=None, mapping=None):
    def field(number, skip):
        return b"" if skip is None else der.context(number, der.integer(skip)[2:], constructed=False)
    return der.sequence(field(0, explicit), field(1, mapping))


def _as_list(value):
    return value if isinstance(value, (list, tuple)) else [value]


def general_names(value):
    return value if isinstance(value, bytes) and value[:1] == b"\x30" else der.sequence(*_as_list(value))


# How a setting of ca() and leaf() becomes the value of an extension, and whether that is critical.
BUILDERS = {
    "bc": (lambda v: basic_constraints(*_as_list(v)), True),
    "ku": (lambda v: der.named_bits(*(USAGES.index(u) for u in _as_list(v))), True),
    "eku": (lambda v: der.sequence(*(der.oid(PURPOSES.get(p, p)) for p in _as_list(v))), False),
    "san": (general_names, False),
    "ian": (general_names, False),
    "nc": (lambda v: name_constraints(*v), True),
    "policies": (lambda v: policies(*_as_list(v)), False),
    "mappings": (lambda v: mappings(*v), True),
    "policy_constraints": (lambda v: policy_constraints(**v), True),
    "inhibit_any": (der.integer, True),
    "ski": (der.octet_string, False),
    "aki": (lambda v: der.sequence(der.context(0, v, constructed=False)), False),
}


@dataclasses.dataclass
class Cert:
    der: bytes
    subject: bytes = b""
    key: object = None
    key_id: bytes = b""

    def changed(self, old, new):
        """The same with one run of bytes replaced, lengths and signature left as they are."""
        assert self.der.count(old) >= 1, "what is to be replaced is not there"
        return dataclasses.replace(self, der=self.der.replace(old, new, 1))

    def sha256(self):
        return hashlib.sha256(self.der).hexdigest()


def extensions_of(settings, critical, extra):
    out = []
    for kind, value in settings.items():
        if value is None:
            continue
        build, is_critical = BUILDERS[kind]
        is_written_out = isinstance(value, bytes) and kind not in ("ski", "aki", "san", "ian")
        out.append(ext(kind, value if is_written_out else build(value), critical.get(kind, is_critical)))
    return out + list(extra)


def issue(subject, issuer, key, extensions, *, begin=BEGIN, end=END, serial=None, version=3, digest=None, algorithm=None,
          outer_algorithm=None, spki=None, issuer_name=None, signer=None, signature=None, after_spki=b"", tbs_tail=b"",
          tail=b"", trailing=b"", explicit_version=None, signature_bits=0):
    """issuer: a Cert, or None for self-signed.  signer: another key signs.  signature: bytes, or a function of the bytes
    that are signed."""
    signer = signer or (issuer.key if issuer else key)
    algorithm = algorithm or signer.algorithm(digest)
    spki = spki or key.spki()
    if serial is None:
        serial = int.from_bytes(hashlib.sha256(subject + spki).digest()[:8], "big") >> 1 | 1
    tbs = der.sequence(
        explicit_version if explicit_version is not None else
        b"" if version == 1 else der.context(0, der.integer(version - 1)),
        serial if isinstance(serial, bytes) else der.integer(serial),
        algorithm,
        (issuer.subject if issuer else subject) if issuer_name is None else issuer_name,
        der.sequence(der.moment(begin), der.moment(end)),
        subject, spki, after_spki,
        der.context(3, der.sequence(*extensions)) if extensions is not None else b"", tbs_tail)
    if callable(signature):
        signature = signature(tbs)
    elif signature is None:
        signature = signer.sign(tbs, digest)
    whole = der.sequence(tbs, outer_algorithm or algorithm, der.bit_string(signature, signature_bits), tail) + trailing
    return Cert(whole, subject, key, hashlib.sha1(spki).digest())


def _certificate(subject, issuer, key, settings, options):
    """Splits the options of ca() and leaf() into extensions and the rest."""
    critical, extra = options.pop("critical", {}), options.pop("extra", ())
    key_id = hashlib.sha1(options.get("spki") or key.spki()).digest()
    settings = {"ski": key_id, "aki": issuer.key_id if issuer else None, **settings}
    for kind in BUILDERS:
        if kind in options:
            settings[kind] = options.pop(kind)
    extensions = options.pop("extensions", extensions_of(settings, critical, extra))
    return issue(subject, issuer, key, extensions, **options)


def ca(common_name, issuer=None, *, subject=None, key=None, kind="p256", **options):
    """A CA certificate; without an issuer a root.  Its key is that of its common name."""
    return _certificate(subject or name(("O", "Cases"), common_name), issuer, key or keys.key(common_name, kind),
                        {"bc": [True], "ku": ["keyCertSign", "cRLSign"]}, options)


def leaf(issuer, common_name="client", *, subject=None, key=None, kind="p256", **options):
    """A client's certificate."""
    return _certificate(name(("O", "Cases"), common_name) if subject is None else subject, issuer, key or keys.key("client", kind),
                        {"ku": ["digitalSignature"], "eku": ["client"]}, options)
