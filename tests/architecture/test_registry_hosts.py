"""No file of the project names the host of a package registry."""

import re

from tests.architecture.tracked_files import short, tracked_files

# Spelled in two halves, so that this file does not name them either.
HALVES = [
    ("pypi", ".org"),
    ("pythonhosted", ".org"),
    ("registry.npm", "js"),
    ("npm", "js.org"),
    ("registry.yarn", "pkg"),
    ("npm", "mirror"),
    ("deb.deb", "ian.org"),
    ("security.deb", "ian.org"),
    ("archive.ub", "untu.com"),
    ("security.ub", "untu.com"),
    ("astral", ".sh"),
]
HOST = re.compile("|".join(re.escape(first + second) for first, second in HALVES), re.IGNORECASE)


def test_no_file_names_a_registry_host() -> None:
    named = {}
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        if hosts := sorted({match.group() for match in HOST.finditer(text)}):
            named[short(path)] = hosts
    assert named == {}


def test_the_hosts_looked_for_would_be_found() -> None:
    assert all(HOST.search(f"https://{first}{second}/simple") for first, second in HALVES)
