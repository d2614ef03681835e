"""Restore detector: lineage of a database by its own mark and the stored ones."""

import pytest

from app.ports.version_counter import VersionMark
from app.services.runtime.restore_detector import Lineage, OwnMark

SIX, SEVEN, EIGHT = (VersionMark(number, f"{number}a") for number in (6, 7, 8))
OTHER_SEVEN, BARE_SEVEN = VersionMark(7, "of another copy"), VersionMark(7)
SAME, UNKNOWN, OLDER = Lineage.SAME, Lineage.UNKNOWN, Lineage.OLDER


@pytest.mark.parametrize(
    ("own", "beside", "copy", "lineage"),
    [
        (OwnMark(None), None, None, SAME),
        (OwnMark(None), SEVEN, None, OLDER),
        (OwnMark(SEVEN), SEVEN, None, SAME),
        (OwnMark(SEVEN), SEVEN, SIX, SAME),
        (OwnMark(SEVEN), SEVEN, EIGHT, OLDER),
        (OwnMark(SIX), SEVEN, None, OLDER),
        (OwnMark(SEVEN), OTHER_SEVEN, None, OLDER),
        # Killed between the two writes: the one before still stands beside it.
        (OwnMark(EIGHT, confirmed="7 7a"), SEVEN, None, SAME),
        (OwnMark(EIGHT, confirmed="7 7a"), OTHER_SEVEN, None, OLDER),
        (OwnMark(EIGHT, confirmed="7 7a"), SIX, None, OLDER),
        # Of an earlier program, whose mark was the number alone.
        (OwnMark(BARE_SEVEN), None, BARE_SEVEN, SAME),
        (OwnMark(EIGHT, confirmed="7"), BARE_SEVEN, None, SAME),
        # A lost file, another PC, a folder that takes none.
        (OwnMark(SEVEN), None, None, UNKNOWN),
        (OwnMark(SEVEN), None, SIX, UNKNOWN),
        (OwnMark(SEVEN), None, SEVEN, SAME),
        (OwnMark(SEVEN), None, OTHER_SEVEN, OLDER),
        (OwnMark(SEVEN), None, EIGHT, OLDER),
        (OwnMark(SEVEN, restored=True), SEVEN, SEVEN, OLDER),
    ],
)
def test_lineage_is_known_by_the_marks_beside_the_database(
    own: OwnMark, beside: VersionMark | None, copy: VersionMark | None, lineage: Lineage
) -> None:
    assert own.lineage(beside, copy) is lineage
