"""A database that was not finished is empty; one that was finished is whole."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.sqlite import DatabaseKind, open_database
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store

_DIE = """
import os, signal, sys
from pathlib import Path
from unittest import mock
from tests.harness.opened_store import open_training_store

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

with mock.patch(sys.argv[2], die):
    open_training_store(Path(sys.argv[1]))
"""
_WRITE_AND_DIE = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.contracts.asked_store import owed
from tests.harness.opened_store import open_training_store

store = open_training_store(Path(sys.argv[1]))
asyncio.run(store.transact(lambda rows: rows.notifications.add(owed())))
os.kill(os.getpid(), signal.SIGKILL)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal"),
]


def _run_until_killed(script: str, *arguments: str) -> None:
    ended = subprocess.run([sys.executable, "-c", script, *arguments], check=False, timeout=30)
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", ["_make", "_migrate", "insert", "keep_wraps", "SqliteStore"])
def test_a_kill_while_the_database_is_made_leaves_it_empty_or_whole(tmp_path: Path, step: str) -> None:
    _run_until_killed(_DIE, str(tmp_path), f"app.adapters.sqlite.opening.{step}")
    assert open_database(tmp_path / "coco.db", DatabaseKind.TRAINING).is_new == (step != "SqliteStore")
    store = open_training_store(tmp_path)
    asyncio.run(store.transact(lambda rows: rows.notifications.add(owed())))
    asyncio.run(store.close())
    assert not open_database(tmp_path / "coco.db", DatabaseKind.TRAINING).is_new


@pytest.mark.requirement("Q1")
def test_what_was_committed_outlives_a_kill(tmp_path: Path) -> None:
    _run_until_killed(_WRITE_AND_DIE, str(tmp_path))
    store = open_training_store(tmp_path)
    kept = asyncio.run(store.read(lambda rows: rows.notifications.get(owed().id)))
    asyncio.run(store.close())
    assert kept is not None
