"""Suppression: a later stage supersedes an earlier one that returns to waiting after its attempt."""

import pytest

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.notification import State
from app.domain.order import NotificationType, Order
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run

PAYMENT, READY = NotificationType.PAYMENT_CONFIRMED, NotificationType.READY


async def _ready_while_payment_is_on_its_way(shop: Shop, outcome: Outcome) -> Order:
    shop.messenger.gate.clear()
    shop.messenger.outcomes.append(outcome)
    order = shop.order(1)
    await shop.see(order)
    assert (await shop.message(order)).state is State.SENDING
    await shop.see(advanced(order, "ready"))
    shop.messenger.gate.set()
    await let_tasks_run()
    return order


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("repeats_doubts", [True, False])
@pytest.mark.parametrize("outcome", [InDoubt("ack_timeout"), Rejected(RejectionKind.TRANSIENT)])
def test_what_would_wait_again_gives_way_to_the_later_stage_behind_it(
    outcome: Outcome, *, repeats_doubts: bool
) -> None:
    async def story(shop: Shop) -> None:
        order = await _ready_while_payment_is_on_its_way(shop, outcome)
        await shop.pass_time(minutes=5)
        rows = await shop.store.read(lambda rows: rows.notifications.of_order(order.id))
        outcomes = {row.type: (row.state, row.reason) for row in rows}
        assert outcomes[PAYMENT] == (State.SUPPRESSED, "superseded")
        assert outcomes[READY] == (State.SENT, None)
        assert len(shop.messenger.sends) == 2

    in_shop(story, repeats_doubts=repeats_doubts)


@pytest.mark.requirement("Q4")
def test_superseded_doubt_leaves_its_connection_as_suspect_as_any_other() -> None:
    async def story(shop: Shop) -> None:
        connects = len(shop.messenger.connects)
        await _ready_while_payment_is_on_its_way(shop, InDoubt("ack_timeout"))
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.connects) == connects + 1

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_a_second_word_on_purpose_is_not_overtaken() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(1)
        await shop.see(order)
        shop.messenger.gate.clear()
        shop.messenger.outcomes.append(Rejected(RejectionKind.TRANSIENT))
        await shop.core.messages.resend(NotificationRequest(order.id, PAYMENT))
        await let_tasks_run()
        await shop.see(advanced(order, "ready"))
        shop.messenger.gate.set()
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == 4

    in_shop(story)
