# SPDX-License-Identifier: GPL-3.0-or-later
"""The builds, and the tests that meson knows of.  Shared by scripts/test, scripts/check and scripts/mutate."""

import json
import os
import subprocess

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))

# Folder: compiler and meson options.
BUILDS = {
    # What users get.
    "build": ("gcc", {"buildtype": "release", "b_lto": "true"}),
    # What the tests run, except those that drive the real gateway.
    "build-asan": ("gcc", {"buildtype": "debug", "b_sanitize": "address,undefined"}),
    # A second opinion; scripts/check also reads its objects.
    "build-clang": ("clang", {"buildtype": "debug"}),
}

SANITIZER_ENV = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
}


def run(command, **kwargs):
    return subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **kwargs)


def configured(folder, options):
    """The folder is configured, and as the options say (somebody may have set it up by hand)."""
    try:
        with open(os.path.join(folder, "meson-info/intro-buildoptions.json"), encoding="utf-8") as file:
            found = {row["name"]: str(row["value"]).lower() for row in json.load(file)}
    except OSError:
        return False
    return all(found[name] == value for name, value in options.items())


def build(folder, compiler, options, source=ROOT, targets=()):
    """Configures if need be and builds.  None, or what went wrong as text."""
    env = dict(os.environ, CC=compiler)
    if not configured(folder, options):
        command = ["meson", "setup", *(f"-D{name}={value}" for name, value in options.items())]
        if os.path.exists(os.path.join(folder, "build.ninja")):
            command.append("--reconfigure")
        done = run([*command, folder, source], env=env)
        if done.returncode:
            return done.stdout
    done = run(["ninja", "-C", folder, *targets], env=env)
    if done.returncode == 0:
        return None
    # From the first failure on, without the progress lines: what is left are the compiler's words.
    lines = done.stdout.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith("FAILED: ")), 0)
    lines = [line for line in lines[start:] if not line.startswith(("[", "ninja:"))]
    return "\n".join(lines[:60])


def introspect(folder, what):
    done = subprocess.run(["meson", "introspect", folder, "--" + what], text=True, check=True,
                          stdout=subprocess.PIPE)
    found = json.loads(done.stdout)
    for test in found if what == "tests" else []:
        test["workdir"] = test["workdir"] or folder  # as meson runs them: its paths are relative to the build
    return found


def needs_of(folder, tests):
    """What ninja must build for these tests."""
    files = {t["id"]: t["filename"] for t in introspect(folder, "targets")}
    return sorted({os.path.relpath(f, folder) for test in tests for d in test["depends"] for f in files.get(d, [])})


def programs_of(folder):
    """The programs and libraries that are not there for the tests."""
    tests = os.path.join(ROOT, "tests/")
    return [os.path.relpath(f, folder) for t in introspect(folder, "targets")
            if t["build_by_default"] and not t["defined_in"].startswith(tests) for f in t["filename"]]


def test_env(test):
    return {**os.environ, **SANITIZER_ENV, **test["env"]}


def suites(test):
    """meson prefixes a suite with the project's name."""
    return {suite.split(":")[-1] for suite in test["suite"]}
