"""What a window's start loads, for imports are most of it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.running_app import MASTER_KEY, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

# Each has its reason where it is imported: a misspelt setting, a pairing, a poster, a command line, a line of the log.
NOT_FOR_A_WINDOW = {
    "PIL",
    "alembic",
    "app.adapters.demo",
    "app.bootstrap.backups",
    "app.headless",
    "app.ui.settings.whatsapp_section",
    "argon2",
    "difflib",
    "keyring",
    "mnemonic",
    "more_itertools",
    "pygments",
    "qrcode",
    "rich",
    "structlog",
}


def _loaded(folder: Path) -> set[str]:
    """The names of all modules once a shop's list can be used."""
    done = subprocess.run(
        [sys.executable, "tests/benchmarks/start_probe.py", "0", "--data-dir", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "COCO_MASTER_KEY": MASTER_KEY, "QT_QPA_PLATFORM": "offscreen"},
        cwd=ROOT,
        timeout=90,
        check=True,
    )
    return set(json.loads(done.stdout)["modules"])


def test_window_start_loads_nothing_that_only_others_need(tmp_path: Path) -> None:
    # The first start makes the tables, which takes Alembic and the twelve words.
    assert "alembic" in _loaded(tmp_path)
    loaded = _loaded(tmp_path)
    assert "app.ui.orders.orders_page" in loaded
    assert sorted(NOT_FOR_A_WINDOW & loaded) == []
