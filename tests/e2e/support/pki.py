# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificates of tests/support/pki.sh by the names that the tests use, and a key that lies.

The trust store holds the partners' root only: a client has to send its intermediate.
"""

import base64
import dataclasses
import pathlib
import subprocess

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


class Pki:
    def __init__(self, directory):
        self._directory = pathlib.Path(directory)
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
