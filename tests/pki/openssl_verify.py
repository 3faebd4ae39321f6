#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""openssl_verify.py OUT [CASE...]: asks `openssl verify` about every case that generate.py wrote into OUT, in TAP.  Where it
agrees with our verdict there is nothing to explain; where not, the case says why.  Either one out of place is a failure."""

import concurrent.futures
import datetime
import pathlib
import subprocess
import sys

import generate


def accepted(out, case):
    folder = out / case.id
    text = (folder / "chain.pem").read_text()
    if not text:
        return False
    store = "".join(path.read_text() for path in sorted(folder.glob("store-*.pem")))
    (folder / "store.pem").write_text(store)
    at = int(datetime.datetime.fromisoformat(case.at.replace("Z", "+00:00")).timestamp())
    # Intermediates of the store are no anchors: openssl looks for a self-signed certificate unless told otherwise.
    options = ["-partial_chain"] if "--partial-chain" in case.options else []
    done = subprocess.run(["openssl", "verify", "-no-CAfile", "-no-CApath", "-trusted", "store.pem", "-untrusted", "chain.pem",
                           "-purpose", "sslclient", "-auth_level", "2", "-policy_check", "-policy", "2.5.29.32.0", "-attime", str(at), *options,
                           "chain.pem"], cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode == 0, (done.stdout + done.stderr).strip().splitlines()


def main():
    out = pathlib.Path(sys.argv[1])
    cases = [c for c in generate.load(out / "rsa.json").values() if c.id in sys.argv[2:] or not sys.argv[2:]]
    cases = [c for c in cases if c.chain]
    failed = 0
    print(f"1..{len(cases)}")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for number, (case, (said, lines)) in enumerate(zip(cases, pool.map(lambda c: accepted(out, c), cases)), 1):
            ours = case.verdict == "accepted"
            good = (said != ours) == bool(case.openssl)
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {case.id}")
            if not good:
                print(f"# {case.reason}: openssl {'accepts' if said else 'refuses'}; we say it differs: "
                      f"{case.openssl or 'no'}; {case.rule}; {' / '.join(line for line in lines if 'rror' in line)[:150]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
