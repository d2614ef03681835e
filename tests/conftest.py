"""What holds for every test: nothing is written outside pytest's folders, every sqlite3 connection is closed."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.harness.file_durations import QUALITY, FileDurations, listed_slow_files
from tests.harness.open_connections import recorded_connections, set_aside_open
from tests.harness.query_plans import PLANS

# A machine that is busy with other tests makes one example late; times are measured in tests/benchmarks alone.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

_durations = FileDurations()
_broken = pytest.StashKey[bool]()
"""Set for a test that failed or was skipped midway, and for its file."""


@pytest.fixture(scope="session", autouse=True)
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Version marks and Node's compiled code lie outside the data folder; programs that a test starts inherit this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    if call.excinfo is not None:
        for node in item.listchain():
            node.stash[_broken] = True
    return (yield)


@pytest.fixture(scope="module", autouse=True)
def connections_of_file_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the file whose wider fixtures leave an sqlite3 connection open."""
    yield from _closed_at_end(request.node)


@pytest.fixture(autouse=True)
def connections_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that leaves an sqlite3 connection open, on every version of Python."""
    yield from _closed_at_end(request.node)


def _closed_at_end(node: pytest.Collector | pytest.Item) -> Iterator[None]:
    with recorded_connections() as opened:
        yield
    left = set_aside_open(opened)
    # A test that broke off could not close its connections, and has said so already.
    if left and not node.stash.get(_broken, False):
        pytest.fail(f"sqlite3 connections left open by {node.nodeid}: {', '.join(left)}", pytrace=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _durations.add(report.nodeid, report.duration)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the slow files; on a busy machine every file is slow, so that none fails for it."""
    for line in _durations.slow_files(listed_slow_files(QUALITY.read_text(encoding="utf-8"))):
        terminalreporter.write_line(f"slow file, {line}")


@pytest.fixture(autouse=True)
def _statements_do_not_grow_dearer() -> Iterator[None]:
    """Every statement that a test has the program run is found by an index that history does not make longer (Z4)."""
    with PLANS.recorded():
        yield
    assert PLANS.offences() == []
