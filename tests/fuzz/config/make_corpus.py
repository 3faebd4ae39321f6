#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/fuzz/corpus/config from the samples of tests/e2e/config: one accepted of each kind, one for each refusal.
Files that samples name become one that is always there."""

import os
import re

TESTS = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
CORPUS = os.path.join(TESTS, "fuzz/corpus/config")


def main():
    os.makedirs(CORPUS, exist_ok=True)
    for name in os.listdir(CORPUS):
        os.remove(os.path.join(CORPUS, name))
    for kind in "good", "bad":
        folder = os.path.join(TESTS, "e2e/config", kind)
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".yaml"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                text = file.read()
            text = re.sub(rb"(?:\./)?\b(?:ca|server)\.(?:pem|key)\b", b"/proc/self/exe", text)
            text = re.sub(rb"^#.*\n", b"", text, flags=re.M)
            with open(os.path.join(CORPUS, f"{kind}_{re.sub('[0-9]*-', '', name[:-5], count=1)}"), "wb") as file:
                file.write(text)


if __name__ == "__main__":
    main()
