"""Queue manager: a resend is a new message, refused once a later stage superseded it."""

import pytest

from app.domain.order import STAGES
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

PAYMENT, _, READY = STAGES


@pytest.mark.requirement("Q6")
def test_a_deliberate_resend_is_a_message_of_its_own() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(12)
        await shop.see(order)
        request = NotificationRequest(order.id, PAYMENT)
        assert (await shop.core.messages.resend(request)).success
        await let_tasks_run()
        assert len({send.message_id for send in shop.messenger.sends}) == 2
        await shop.core.queue.pause()
        assert (await shop.core.messages.resend(request)).success
        assert (await shop.core.messages.resend(request)).error == "not_allowed_now"
        never = NotificationRequest(order.id, READY)
        assert (await shop.core.messages.resend(never)).error == "unknown_notification"

    in_shop(story)


@pytest.mark.requirement("A3")
def test_an_earlier_stage_is_not_said_again_after_a_later_one() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(12)
        await shop.see(order)
        await shop.see(advanced(order, "ready"))
        sent = len(shop.messenger.sends)
        again = await shop.core.messages.resend(NotificationRequest(order.id, PAYMENT))
        assert again.error == "overtaken"
        await let_tasks_run()
        assert len(shop.messenger.sends) == sent

    in_shop(story)
