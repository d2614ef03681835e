"""The device key in a real Secret Service, on a session bus of the test's own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_NEEDED = ("dbus-run-session", "gnome-keyring-daemon")
pytestmark = pytest.mark.skipif(
    not all(shutil.which(program) for program in _NEEDED), reason="no gnome-keyring and D-Bus here"
)

_UNLOCKED = 'printf "ci\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@"'
_LOCKED = 'gnome-keyring-daemon --start --components=secrets >/dev/null; exec "$@"'
_KEEP_AND_READ = """
from app.adapters.vault.keyring_source import KeyringSource
from tests.simulators.seeded_entropy import SeededEntropy

key = bytes(range(32))
place = KeyringSource(SeededEntropy())
assert place.read() is None
place.keep(key)
assert KeyringSource(SeededEntropy()).read() == key
print(place.name)
"""
_READ_IN_VAIN = """
from datetime import timedelta
from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.keyring_source import KeyringSource
from tests.simulators.seeded_entropy import SeededEntropy

try:
    KeyringSource(SeededEntropy(), answers_within=timedelta(seconds=5)).read()
except SourceUnusableError as error:
    print(error.reason)
"""


def _on_a_bus_of_its_own(folder: Path, daemon: str, script: str) -> str:
    """With a home of its own too: the keyring of whoever runs the test is never touched."""
    homes = dict.fromkeys(("HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"), str(folder))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), **homes}
    ended = subprocess.run(
        ["dbus-run-session", "--", "bash", "-c", daemon, "bash", sys.executable, "-c", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_a_real_keyring_keeps_the_device_key(tmp_path: Path) -> None:
    assert _on_a_bus_of_its_own(tmp_path, _UNLOCKED, _KEEP_AND_READ) == "keyring:SecretService Keyring"


def test_a_real_keyring_that_is_locked_is_a_place_that_cannot_be_used(tmp_path: Path) -> None:
    assert _on_a_bus_of_its_own(tmp_path, _LOCKED, _READ_IN_VAIN) in ("locked", "timeout", "failed")


def test_without_a_session_bus_there_is_no_keyring(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _READ_IN_VAIN],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd()), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    assert ended.stdout.strip() == "no_backend"
