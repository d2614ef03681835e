"""Order and limit of the tests that a mutant is tried with."""

from pathlib import PurePosixPath

import pytest

from tests.harness.mutant_run import distance, nearest

OTHER = "tests/unit/headless/test_commands.py::test_a"
PACKAGE = "tests/unit/services/notifications/test_enqueue.py::test_b[x::y]"
OWN = "tests/unit/services/notifications/test_worker_leases.py::test_c"
MUTANT = "app.services.notifications.worker.xǁWorkerǁrun__mutmut_3"


def test_distance_is_that_of_the_module_then_of_its_package() -> None:
    module = PurePosixPath("services/notifications/worker")
    assert [distance(test, module) for test in (OWN, PACKAGE, OTHER)] == [0, 1, 2]


def test_nearest_sorts_the_tests_of_the_mutated_module_first() -> None:
    assert nearest([OTHER, PACKAGE, OWN], MUTANT) == [OWN, PACKAGE, OTHER]


def test_nearest_keeps_as_many_tests_as_the_first_pass_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUTANT_TESTS", "2")
    assert nearest([OTHER, PACKAGE, OWN], MUTANT) == [OWN, PACKAGE]
