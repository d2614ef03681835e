"""Registry of open sqlite3 connections, and the fixtures of every test that use it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.harness import open_connections
from tests.harness.open_connections import recorded_connections, set_aside_open

ROOT = Path(__file__).parents[3]
LEAVING = """
import sqlite3

def test_leaves(tmp_path):
    sqlite3.connect(tmp_path / "left.db")

def test_breaks_off(tmp_path):
    sqlite3.connect(tmp_path / "broken.db")
    raise ValueError

def test_collects():
    import gc
    gc.collect()
"""
WIDER = """
import sqlite3
import pytest

@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    return sqlite3.connect(tmp_path_factory.mktemp("wide") / "file.db")

def test_uses_wider(connection):
    pass
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "left.db"


@pytest.fixture
def set_aside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections that the fixtures around this test do not see; they are closed after it."""
    connect, opened = sqlite3.Connection, list[sqlite3.Connection]()

    def unseen(database: Path) -> sqlite3.Connection:
        opened.append(connect(database, check_same_thread=False))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", unseen)
    monkeypatch.setattr(open_connections, "_CLOSING_SECONDS", 0)
    monkeypatch.setattr(open_connections, "_left_open", [])
    yield
    for connection in opened:
        connection.close()


class JoinedThread(Thread):
    """A thread that says when somebody waits for its end."""

    def __init__(self, work: Callable[[], None], asked: Event) -> None:
        super().__init__(target=work)
        self._asked = asked

    def join(self, timeout: float | None = None) -> None:
        self._asked.set()
        super().join(timeout)


def open_here(path: Path) -> None:
    sqlite3.connect(path)


def open_in_a_thread(path: Path) -> None:
    thread = Thread(target=sqlite3.connect, args=(path,))
    thread.start()
    thread.join()


@pytest.mark.usefixtures("set_aside")
@pytest.mark.parametrize("leave_open", [open_here, open_in_a_thread])
def test_set_aside_open_names_a_connection_once_when_it_was_left(
    path: Path, leave_open: Callable[[Path], object]
) -> None:
    with recorded_connections() as opened:
        leave_open(path)
    assert set_aside_open(opened) == [str(path)]
    assert set_aside_open(opened) == []


def test_set_aside_open_names_none_when_the_connection_was_closed(path: Path) -> None:
    with recorded_connections() as opened, closing(sqlite3.connect(path)):
        pass
    assert (len(opened), set_aside_open(opened)) == (1, [])


def test_set_aside_open_waits_while_the_connection_is_closed_in_its_thread(path: Path) -> None:
    began, asked = Event(), Event()

    def open_and_close() -> None:
        with closing(sqlite3.connect(path)):
            began.set()
            asked.wait(10)

    thread = JoinedThread(open_and_close, asked)
    with recorded_connections() as opened:
        thread.start()
        assert began.wait(10)
    assert set_aside_open(opened) == []


@pytest.mark.usefixtures("set_aside")
def test_recorded_connections_leaves_out_those_of_an_older_thread(path: Path) -> None:
    with ThreadPoolExecutor(1) as earlier:
        earlier.submit(int).result()
        with recorded_connections() as opened:
            earlier.submit(sqlite3.connect, path).result()
    assert opened == []


def test_recorded_connections_puts_connect_back() -> None:
    before = sqlite3.connect
    with recorded_connections():
        assert sqlite3.connect is not before
    assert sqlite3.connect is before


def test_guard_blames_the_test_or_the_file_that_left_a_connection(tmp_path: Path) -> None:
    (tmp_path / "test_first.py").write_text(LEAVING)
    (tmp_path / "test_wider.py").write_text(WIDER)
    asked = [
        "-q",
        "-rA",
        "-p",
        "tests.conftest",
        "-p",
        "no:randomly",
        "-W",
        "error",
        "-c",
        os.devnull,
        str(tmp_path),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *asked],
        cwd=ROOT,
        # Options for the tests around this one may name plugins that it does without.
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},
        check=False,
        capture_output=True,
        text=True,
    )
    ends = [line for line in done.stdout.splitlines() if line.startswith(("ERROR ", "FAILED ", "PASSED "))]
    assert [(line.split()[0], line.split("::")[1].split()[0]) for line in ends] == [
        ("PASSED", "test_leaves"),
        ("PASSED", "test_collects"),
        ("PASSED", "test_uses_wider"),
        ("ERROR", "test_leaves"),
        ("ERROR", "test_uses_wider"),
        ("FAILED", "test_breaks_off"),
    ], done.stdout
    assert "left open by test_wider.py" in done.stdout
