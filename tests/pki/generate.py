#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""generate.py OUT: writes every case of tests/pki/cases into OUT/ID: store-N.pem, chain.pem (leaf first), key.pem, the
leaf's, and where its kind does not say it the scheme of TLS 1.3 that it signs with; and their table, OUT/cases.csv.

Keys are the same in every run but RSA's, which are made once and kept in OUT."""

import argparse
import base64
import csv
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import keys  # noqa: E402
import table  # noqa: E402


def pem(cert):
    text = base64.b64encode(cert.der).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def load(rsa_store):
    keys.RSA_STORE = rsa_store
    for path in sorted((HERE / "cases").glob("*.py")):
        importlib.import_module(f"cases.{path.stem}")
    return table.cases


def write(out):
    out.mkdir(parents=True, exist_ok=True)
    cases = load(out / "rsa.json")
    for case in cases.values():
        folder = out / case.id
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for number, certs in enumerate(case.store, 1):
            (folder / f"store-{number}.pem").write_text("".join(map(pem, certs)))
        (folder / "chain.pem").write_text("".join(map(pem, case.chain)))
        if case.chain and case.chain[0].key:
            (folder / "key.pem").write_bytes(keys.pem(case.chain[0].key.private))
            scheme = getattr(case.chain[0].key, "scheme", None)
            if scheme is not None:
                (folder / "scheme").write_text(f"{scheme:#06x}")
    with open(out / "cases.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(table.COLUMNS)
        rows.writerows(case.row() for case in cases.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Writes every case of tests/pki/cases, and their table.")
    parser.add_argument("out", metavar="OUT", type=pathlib.Path, help="the folder to write them into")
    write(parser.parse_args().out)
