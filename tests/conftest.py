"""What holds for every test: nothing is written outside the folders that pytest makes."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

# A machine that is busy with other tests makes one example late; times are measured in tests/benchmarks alone.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Version marks and Node's compiled code lie outside the data folder; programs that a test starts inherit this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
