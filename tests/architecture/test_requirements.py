"""Every requirement has a test or is pending, and no test names one that does not exist."""

import pytest

from tests.architecture.requirement_ids import (
    Faults,
    listed_in,
    marked_in,
    marked_in_python,
    marked_in_typescript,
    pending_in,
)
from tests.architecture.tracked_files import ROOT, WORKSPACE, files_under

LISTED = listed_in((ROOT / "resources" / "docs" / "requirements.md").read_text("utf-8"))
PENDING = pending_in((ROOT / "tests" / "requirements_pending.txt").read_text("utf-8"))
TESTED = marked_in([*files_under("tests", suffix=".py"), *files_under(WORKSPACE, suffix=".test.ts")])
FAULTS = Faults.between(LISTED, PENDING, TESTED)


def test_every_requirement_has_a_test_or_is_pending() -> None:
    assert sorted(FAULTS.without_test) == []


def test_no_test_and_no_pending_line_names_an_unknown_requirement() -> None:
    assert sorted(FAULTS.unknown) == []


def test_no_requirement_is_listed_twice() -> None:
    assert len(LISTED) == len(set(LISTED)) > 0
    assert len(PENDING) == len(set(PENDING))


def test_each_kind_of_fault_is_found() -> None:
    assert Faults.between(["A1", "A2", "A3"], ["A2", "B9"], ["A1", "A2", "C9"]) == Faults(
        without_test=frozenset({"A3"}),
        unknown=frozenset({"B9", "C9"}),
    )


def test_marks_are_collected_from_tests_classes_and_modules() -> None:
    module = """
pytestmark = pytest.mark.requirement("Q1")
@pytest.mark.requirement("Q2", "Q3")
class TestQueue:
    @pytest.mark.requirement("Q4")
    async def test_order(self): ...
    @pytest.mark.timeout(3)
    def test_other(self): "pytest.mark.requirement('Q9')"
"""
    assert sorted(marked_in_python(module)) == ["Q1", "Q2", "Q3", "Q4"]
    assert marked_in_typescript("// requirement: S1, S5\ntest('x');\n  // requirement: S7\n") == [
        "S1",
        "S5",
        "S7",
    ]


def test_a_computed_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="line 1: a requirement's id must be written out"):
        marked_in_python("pytest.mark.requirement(NAME)(check)")


def test_ids_are_read_from_the_page_and_from_the_pending_list() -> None:
    assert listed_in("## A\n- **A1** One.\n  more **A9** words\n- **A2** Two.\n") == ["A1", "A2"]
    assert pending_in("A1\n\nA2  # needs a window\n# all\n") == ["A1", "A2"]
