"""Queue block: the older message that a waiting one stands behind."""

from typing import Any
from uuid import UUID

import pytest

from app.domain.identifiers import IdentityId
from app.domain.lid import Lid
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.queue_block import BlockReason, block_of
from tests.contracts.asked_store import BIA, NOW, owed

pytestmark = pytest.mark.requirement("Q2", "Q4")

LID = Lid("4711@lid")
ONE, OTHER = IdentityId(UUID(int=1)), IdentityId(UUID(int=2))
PREPARING = NotificationType.PREPARING
DOUBT: dict[str, Any] = {"state": State.IN_DOUBT, "doubted_at": NOW}


@pytest.mark.parametrize(
    ("other", "block"),
    [
        (owed("o1", PREPARING, seq=1, **DOUBT), BlockReason.OWN_DOUBT),
        (owed("o1", PREPARING, seq=1, **DOUBT, given_up_at=NOW), None),
        (owed("o1", PREPARING, seq=3, **DOUBT), None),
        (owed("o2", seq=1, **DOUBT), None),
        (owed("o2", seq=1), BlockReason.EARLIER_MESSAGE),
        (owed("o2", seq=3), None),
        (owed("o2", seq=3, state=State.SENDING), BlockReason.EARLIER_MESSAGE),
        (owed("o2", seq=1, phone=BIA), None),
        (owed("o2", seq=1, state=State.SENT), None),
    ],
)
def test_block_of_names_the_message_that_goes_first(other: Notification, block: BlockReason | None) -> None:
    row = owed("o1", seq=2)
    assert block_of(row, [other, row]) is block


def test_block_of_is_none_when_the_row_does_not_wait() -> None:
    assert block_of(owed("o1", seq=2, state=State.SENT), [owed("o2", seq=1)]) is None


@pytest.mark.requirement("K1")
@pytest.mark.parametrize(
    ("other", "block"),
    [
        (owed("o2", seq=1, phone=LID, customer=ONE), BlockReason.EARLIER_MESSAGE),
        (owed("o2", seq=3, phone=LID, customer=ONE, state=State.SENDING), BlockReason.EARLIER_MESSAGE),
        (owed("o1", PREPARING, seq=1, phone=LID, customer=ONE, **DOUBT), BlockReason.OWN_DOUBT),
        (owed("o2", seq=1, customer=OTHER), None),
        (owed("o2", seq=1, customer=None), None),
    ],
)
def test_block_of_goes_by_the_customer_and_not_by_the_address(
    other: Notification, block: BlockReason | None
) -> None:
    row = owed("o1", seq=2, customer=ONE)
    assert block_of(row, [other, row]) is block
