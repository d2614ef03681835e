"""The whole program tries itself, with nothing of the computer around it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.running_app import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_it_is_whole_without_path_screen_or_keyring(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", "--self-test"],
        env={"HOME": str(tmp_path), "PATH": "", "TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=90,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    assert [line[0] for line in done.stdout.splitlines()] == ["✓"] * 7
    assert list(tmp_path.iterdir()) == []
