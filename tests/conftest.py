"""What holds for every test: nothing is written outside pytest's folders, every sqlite3 connection is closed."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.simulators.open_connections import all_closed

# A machine that is busy with other tests makes one example late; times are measured in tests/benchmarks alone.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The version marks of real databases lie outside their data folder; programs that a test starts inherit this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True)
def connections_closed() -> Iterator[None]:
    """Fail the test that leaves an sqlite3 connection open, on every version of Python.

    Python 3.13 warns of such a connection when it is collected, in whichever test runs then; 3.11 never does.
    """
    with all_closed():
        yield
