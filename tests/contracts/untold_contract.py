"""What every Store promises about the messages that may leave their customers untold."""

from dataclasses import replace

import pytest

from app.domain.identifiers import MessageId, OrderId, notification_id
from app.domain.notification import Notification, State, Suppression
from app.domain.order import NotificationType
from app.domain.untold import UntoldMessage
from tests.contracts.asked_store import Asked, owed


def repeated(first: Notification, state: State) -> Notification:
    """Return the deliberate repetition of a message."""
    again = notification_id(OrderId(first.order_id or ""), first.type, 2)
    message_id = MessageId(f"3EB0{again.hex[:18].upper()}")
    return replace(first, id=again, occurrence=2, message_id=message_id, state=state)


class Untold:
    @pytest.mark.requirement("C3")
    def test_what_somebody_must_see_to_is_told_by_order_and_type(self, asked: Asked) -> None:
        asked.add(
            owed("o1", state=State.FAILED),
            owed("o2", state=State.IN_DOUBT),
            owed("o3", state=State.SUPPRESSED, reason=Suppression.NOT_ON_WHATSAPP),
            owed("o4", state=State.SUPPRESSED, reason=Suppression.BEFORE_START),
            owed("o5", state=State.SENT),
            owed("o6"),
            owed("o7", state=State.CANCELLED),
            owed("o8", state=State.SUPPRESSED, reason=Suppression.OPTED_OUT),
        )
        every = [OrderId(f"o{n}") for n in range(9)]
        found = {each.order_id: each for each in asked.read(lambda rows: rows.notifications.untold(every))}
        assert sorted(found) == ["o1", "o2", "o3", "o7", "o8"]
        kept_back = UntoldMessage(
            OrderId("o3"), NotificationType.READY, State.SUPPRESSED, Suppression.NOT_ON_WHATSAPP
        )
        assert found[OrderId("o3")] == kept_back
        one = asked.read(lambda rows: rows.notifications.untold(every[2:3]))
        assert one == [UntoldMessage(OrderId("o2"), NotificationType.READY, State.IN_DOUBT)]

    @pytest.mark.requirement("C3")
    def test_of_a_repeated_message_the_last_repetition_is_untold(self, asked: Asked) -> None:
        first = owed("o1", state=State.FAILED), owed("o2", state=State.CANCELLED)
        asked.add(*first, repeated(first[0], State.SENT), repeated(first[1], State.FAILED))
        orders = [OrderId("o1"), OrderId("o2")]
        untold = asked.read(lambda rows: rows.notifications.untold(orders))
        assert [(each.order_id, each.state) for each in untold] == [("o2", State.FAILED)]
