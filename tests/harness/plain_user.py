"""Prefixes of commands: as a user without privileges or a name, or with a file system of the test's own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_NAMELESS = ("unshare", "--user", "--map-user=12345", "--map-group=12345")
_NOBODY = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_MOUNTING = ("unshare", "--user", "--map-root-user", "--mount")


def nameless_user() -> tuple[str, ...]:
    """Prefix for a user without a password entry; skips the test where the system has none."""
    return _possible(_NAMELESS)


def without_privileges() -> tuple[str, ...]:
    """Prefix that makes root's command nobody's; empty for another user, and where there are no namespaces."""
    if sys.platform != "linux" or os.getuid() or not shutil.which("unshare"):
        return ()
    return _NOBODY if _works(_NOBODY) else ()


def with_file_system(folder: Path, options: str) -> tuple[str, ...]:
    """For a command that finds an own tmpfs with these mount options in `folder`; skips where none can be had."""
    mount = f'mount -t tmpfs -o {options} tmpfs "$0" && exec "$@"'
    return (*_possible(_MOUNTING), "sh", "-c", mount, str(folder))


def hiding(file: Path) -> tuple[str, ...]:
    """Prefix that makes `file` empty for the command; skips the test where that is impossible."""
    return (*_possible(_MOUNTING), "sh", "-c", 'mount --bind /dev/null "$0" && exec "$@"', str(file))


def _possible(prefix: Sequence[str]) -> tuple[str, ...]:
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("no namespaces on this system")
    if not _works(prefix):
        pytest.skip("this user may make no namespaces")
    return tuple(prefix)


def _works(prefix: Sequence[str]) -> bool:
    return not subprocess.run(
        [*prefix, sys.executable, "-c", ""], capture_output=True, check=False
    ).returncode
