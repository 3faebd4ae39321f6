# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of tests/support/pki.sh by the names that the tests use, and a key that lies.

The trust store holds the partners' root only: a client has to send its intermediate.
"""

import base64
import dataclasses
import datetime
import os
import pathlib
import shutil
import subprocess
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

GENERATOR = pathlib.Path(__file__).resolve().parents[2] / "support/pki.sh"
P256_POINT_BYTES = 65


@dataclasses.dataclass
class Identity:
    """leaf: the certificate.  chain: what is presented, leaf first.  PEM files."""

    leaf: pathlib.Path
    key: pathlib.Path
    chain: pathlib.Path

    def der(self):
        lines = self.leaf.read_text().splitlines()
        return base64.b64decode("".join(line for line in lines if not line.startswith("-")))


class Authority:
    """A CA of its own, a root or below another, whose clients send its certificate and those above it, but no root."""

    def __init__(self, directory, name, issuer=None):
        self._directory, self._name, self._issuer = pathlib.Path(directory), name, issuer
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = (issuer or self).issue(name, self._key.public_key(), is_ca=True)
        self.pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    def issue(self, name, public_key, *, is_ca, names=()):
        subject, issuer = (x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)]) for text in (name, self._name))
        builder = (x509.CertificateBuilder(issuer, subject, public_key, x509.random_serial_number(),
                                           datetime.datetime(2020, 1, 1), datetime.datetime(2049, 12, 31))
                   .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
                   .add_extension(x509.KeyUsage(not is_ca, False, False, False, False, is_ca, is_ca, False, False), critical=True))
        if not is_ca:
            builder = builder.add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def _presented(self):
        return self.pem + self._issuer._presented() if self._issuer else ""

    def client(self, names=(), key=None):
        """A new client of this CA, with these subjectAltNames; key: P-256 unless given."""
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = self.issue("client", key.public_key(), is_ca=False, names=names)
        stem = self._directory / f"{self._name} client {certificate.serial_number:x}"
        leaf, key_file, chain = (stem.with_suffix(suffix) for suffix in (".pem", ".key", ".chain"))
        leaf.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        chain.write_text(leaf.read_text() + self._presented())
        key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))
        return Identity(leaf, key_file, chain)


class Pki:
    def __init__(self, directory):
        """Writes it into directory: a copy of what SP_TEST_PKI names, a folder of the generator, or all made anew."""
        self._directory = pathlib.Path(directory)
        if made := os.environ.get("SP_TEST_PKI"):
            shutil.copytree(made, self._directory)
        else:
            subprocess.run([GENERATOR, self._directory], check=True)
        self.server_ca = self._directory / "server-root.pem"
        self.partners = self._directory / "partners.pem"
        self.issuing = self._directory / "partner-int.pem"
        self._lying_key(self.client("good").key)

    def server(self, host):
        name = self._directory / {"api.example": "server", "open.example": "server-open"}[host]
        return Identity(name.with_suffix(".pem"), name.with_suffix(".key"), name.with_suffix(".pem"))

    def client(self, who):
        """client-WHO of the generator, or one of:

        WHO-alone       sends its leaf and nothing else
        twin-with-root  a chain of the twin CA, with the partners' own root behind it
        liar            the good client's certificate, with a key that is not its
        """
        if who == "liar":
            good = self.client("good")
            return Identity(good.leaf, self._directory / "liar.key", good.chain)
        if who == "twin-with-root":
            twin = self.client("twin-int")
            chain = self._directory / "twin-with-root.pem"
            chain.write_text(twin.chain.read_text() + self.partners.read_text())
            return Identity(twin.leaf, twin.key, chain)
        name = f"client-{who.removesuffix('-alone')}"
        leaf = self._directory / f"{name}.pem"
        chain = leaf if who.endswith("-alone") else self._directory / f"{name}-chain.pem"
        return Identity(leaf, self._directory / f"{name}.key", chain)

    def authority(self, name):
        """The CA certificate NAME and its key."""
        return self._directory / f"{name}.pem", self._directory / f"{name}.key"

    def brief_client(self, until):
        """A client like the good one whose certificate ends at `until`, seconds since 1970."""
        name, work = self._directory / "client-brief", self._directory / "brief"
        work.mkdir()
        (work / "index").touch()
        (work / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=any\n[any]\ndatabase={work}/index\nnew_certs_dir={work}\npolicy=names\n"
            "rand_serial=yes\ndefault_md=sha256\n[names]\ncommonName=supplied\n[req]\ndistinguished_name=dn\n[dn]\n"
            "[x]\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n")
        key = name.with_suffix(".key")
        for command in (
                ["req", "-new", "-config", work / "ca.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-noenc", "-keyout", key, "-subj", "/CN=client-brief", "-out", work / "csr"],
                ["ca", "-config", work / "ca.cnf", "-batch", "-notext", "-preserveDN", "-in", work / "csr",
                 "-out", name.with_suffix(".pem"), "-startdate", "20200101000000Z", "-enddate",
                 time.strftime("%Y%m%d%H%M%SZ", time.gmtime(until)), "-extfile", work / "ca.cnf", "-extensions", "x",
                 "-cert", self.issuing, "-keyfile", self._directory / "partner-int.key"]):
            subprocess.run(["openssl", *command], check=True, capture_output=True)
        chain = self._directory / "client-brief-chain.pem"
        chain.write_text(name.with_suffix(".pem").read_text() + self.issuing.read_text())
        return Identity(name.with_suffix(".pem"), key, chain)

    def _lying_key(self, victim):
        """A private key file of our own that claims the victim's public key: TLS libraries compare only the public
        halves, so they present the victim's certificate and then sign with a key that is not its."""
        ours = self._directory / "liar.key"
        subprocess.run(["openssl", "ecparam", "-genkey", "-noout", "-name", "prime256v1", "-out", ours], check=True)
        der = [subprocess.run(["openssl", "ec", "-in", key, "-outform", "DER"], check=True, capture_output=True).stdout
               for key in (ours, victim)]
        spliced = der[0][:-P256_POINT_BYTES] + der[1][-P256_POINT_BYTES:]  # the public point comes last
        body = base64.encodebytes(spliced).decode()
        ours.write_text(f"-----BEGIN EC PRIVATE KEY-----\n{body}-----END EC PRIVATE KEY-----\n")
