"""The search for open sqlite3 connections that stands around every test."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from tests.simulators.open_connections import all_closed


@pytest.fixture
def unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections that the fixture of every test does not see."""
    monkeypatch.setattr(sqlite3, "connect", sqlite3.Connection)


def test_all_closed_passes_a_connection_that_was_closed(tmp_path: Path) -> None:
    with all_closed(), closing(sqlite3.connect(tmp_path / "closed.db")):
        pass


def open_here(path: Path) -> None:
    sqlite3.connect(path)


def open_in_a_thread(path: Path) -> None:
    thread = Thread(target=sqlite3.connect, args=(path,))
    thread.start()
    thread.join()


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize("leave_open", [open_here, open_in_a_thread])
def test_all_closed_names_a_connection_that_was_left_open(
    tmp_path: Path, leave_open: Callable[[Path], object]
) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"left open: \S+left\.db$"), all_closed():
        leave_open(tmp_path / "left.db")


def test_all_closed_puts_connect_back() -> None:
    before = sqlite3.connect
    with all_closed():
        assert sqlite3.connect is not before
    assert sqlite3.connect is before


def test_all_closed_stands_around_every_test() -> None:
    assert sqlite3.connect.__qualname__ == "all_closed.<locals>.recorded"
