"""pytest plugin of a mutation run: the nearest tests first, and a hang that does not count as a failure."""

import os
from pathlib import PurePosixPath
from threading import Event, Thread
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, settings

_LIMIT: Final = "MUTANT_TESTS"
"""Most tests that a mutant is tried with, for a first pass; none: every test that runs the mutated function."""

_TIMED_OUT: Final = 36
"""Exit code that mutmut lists as a timeout."""


def pytest_configure(config: pytest.Config) -> None:
    """Have properties try the same examples for every mutant, and stop at the first that fails."""
    settings.register_profile(
        "mutants",
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("mutants")
    config.pluginmanager.register(HangDetector())
    if mutant := _mutant():
        config.args = nearest(config.args, mutant)


def nearest(tests: list[str], mutant: str) -> list[str]:
    """Return the tests of the mutated module, those of its package, then the others, each in the order given."""
    module = PurePosixPath(*mutant.split(".")[1:-1])
    return sorted(tests, key=lambda test: distance(test, module))[: int(os.environ.get(_LIMIT, "0")) or None]


def distance(nodeid: str, module: PurePosixPath) -> int:
    """Return 0 for a test of this module, 1 for one of its package, 2 for any other."""
    file = PurePosixPath(nodeid.partition("::")[0])
    if file.parent != PurePosixPath("tests/unit") / module.parent:
        return 2
    return 0 if file.stem.startswith(f"test_{module.name}") else 1


class HangDetector:
    """Time limit of a mutant's test, counted in turns of a thread: a stopped or starved process does not use it up."""

    def __init__(self) -> None:
        self._seconds_left: float | None = None
        Thread(target=self._count, daemon=True).start()

    def pytest_timeout_set_timer(self, settings: Any) -> bool:
        self._seconds_left = settings.timeout if _mutant() else None
        return True

    def pytest_timeout_cancel_timer(self) -> bool:
        self._seconds_left = None
        return True

    def _count(self) -> None:
        turn = Event()
        while True:
            turn.wait(1)
            if self._seconds_left is not None:
                self._seconds_left -= 1
                if self._seconds_left < 0:
                    os._exit(_TIMED_OUT)


def _mutant() -> str | None:
    name = os.environ.get("MUTANT_UNDER_TEST", "")
    return name if "__mutmut_" in name else None
