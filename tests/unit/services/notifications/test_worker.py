"""Worker: an order's notification through all services, with a WhatsApp in memory."""

import asyncio
from dataclasses import replace

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.errors import UnknownVariableError
from app.domain.events import NotificationChanged, NotificationQueued, ProblemReported
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.receipt import Evidence, Receipt
from app.domain.session import ConnectionState
from app.ports.messenger import LinkChanged, LinkState
from app.services.messaging.records import NotificationRequest
from tests.harness.shop import MAIN, Shop, advanced, in_shop
from tests.simulators.moved_clock import let_tasks_run


@pytest.mark.requirement("A1")
def test_each_stage_of_an_order_tells_its_customer_once() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(123)
        for status in ("paid", "in_preparation", "ready", "ready", "completed"):
            await shop.see(advanced(order, status))
        assert [send.text.count("#123") for send in shop.messenger.sends] == [1, 1, 1]
        assert "R$ 1.234,50" in shop.messenger.sends[0].text
        assert "pronto" in shop.messenger.sends[2].text

    in_shop(story)


@pytest.mark.requirement("A2")
def test_a_click_after_the_automatic_message_sends_nothing_more() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(5)
        await shop.see(order)
        request = NotificationRequest(order.id, NotificationType.PAYMENT_CONFIRMED)
        result = await shop.core.messages.send_notification(request)
        await let_tasks_run()
        assert result.success
        assert result.message_id == shop.messenger.sends[0].message_id
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.requirement("Q1")
def test_the_screen_hears_of_a_message_only_when_it_is_stored() -> None:
    async def story(shop: Shop) -> None:
        stored_when_told: list[asyncio.Task[object]] = []

        def look(event: NotificationQueued) -> None:
            wanted = event.notification.id
            stored_when_told.append(
                asyncio.get_running_loop().create_task(
                    shop.store.read(lambda rows: rows.notifications.get(wanted))
                )
            )

        shop.core.bus.subscribe(NotificationQueued, look)
        await shop.see(shop.order(6))
        assert [task.result() is not None for task in stored_when_told] == [True]

    in_shop(story)


@pytest.mark.requirement("Q3")
def test_passing_fault_is_retried_after_one_two_four_seconds_then_given_up() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.TRANSIENT)] * 4)
        order = shop.order(7)
        await shop.see(order)
        for wait, tries in ((0.999, 1), (0.001, 2), (1.999, 2), (0.001, 3), (3.999, 3), (0.001, 4)):
            await shop.pass_time(seconds=wait)
            assert len(shop.messenger.sends) == tries
        message = await shop.message(order)
        assert (message.state, message.reason) == (State.FAILED, "transient")
        await shop.pass_time(hours=1)
        assert len(shop.messenger.sends) == 4

    in_shop(story)


@pytest.mark.requirement("Q3")
def test_a_final_refusal_is_not_tried_again() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        order = shop.order(8)
        await shop.see(order)
        await shop.pass_time(minutes=5)
        message = await shop.message(order)
        assert (message.state, message.reason, len(shop.messenger.sends)) == (
            State.FAILED,
            "restricted:463",
            1,
        )

    in_shop(story)


@pytest.mark.requirement("Q3")
def test_without_a_connection_the_queue_waits_and_no_attempt_is_spent() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        order = shop.order(9)
        await shop.see(order)
        await shop.pass_time(minutes=20)
        held = await shop.message(order)
        assert (held.state, held.attempts) == (State.PENDING, 0)
        shop.messenger.opens = True
        await shop.pass_time(minutes=2)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await let_tasks_run()
        told = await shop.message(order)
        assert (told.state, told.attempts) == (State.SENT, 1)

    in_shop(story)


@pytest.mark.requirement("S6")
def test_receipts_rise_and_never_fall() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(14)
        await shop.see(order)
        message = await shop.message(order)
        for evidence in (Evidence.READ, Evidence.DELIVERED, Evidence.ACCEPTED, Evidence.REJECTED):
            await shop.messenger.emit(Receipt(message.message_id, evidence, shop.clock.now()))
        read = await shop.message(order)
        assert read.state is State.READ
        assert read.delivered_at == read.read_at

    in_shop(story)


@pytest.mark.requirement("P1")
def test_an_impossible_number_is_refused_with_its_reason() -> None:
    async def story(shop: Shop) -> None:
        order = shop.order(15, phone="sem telefone")
        await shop.see(order)
        written_down = await shop.message(order)
        assert (written_down.state, written_down.reason) == (State.SUPPRESSED, "invalid_phone")
        assert written_down.is_untold
        request = NotificationRequest(order.id, NotificationType.PAYMENT_CONFIRMED)
        result = await shop.core.messages.send_notification(request)
        assert (result.success, result.error) == (False, "invalid_phone")

    in_shop(story)


def test_the_lamp_tells_that_nothing_is_paired() -> None:
    async def story(shop: Shop) -> None:
        assert shop.core.connection.get_connection_status().state is ConnectionState.UNPAIRED
        assert shop.messenger.connects == []

    in_shop(story, paired=False)


def test_every_move_of_a_message_is_told_in_order() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(shop.order(16))
        states = [
            e.notification.state
            for e in shop.events
            if isinstance(e, NotificationChanged | NotificationQueued)
        ]
        assert states == [State.PENDING, State.SENDING, State.SENT]

    in_shop(story)


@pytest.mark.requirement("S5")
def test_a_sidecar_that_does_not_stay_up_is_told_in_words() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, trouble="sidecar_keeps_dying"))
        assert ProblemReported("sidecar_keeps_dying") in shop.events

    in_shop(story)


@pytest.mark.requirement("A1")
def test_a_stage_that_the_shop_switched_off_is_passed_over_without_a_word() -> None:
    async def story(shop: Shop) -> None:
        ready = shop.core.templates.get_template(NotificationType.READY)
        await shop.core.templates.update_template(replace(ready, is_active=False))
        await shop.see(shop.order(17, status="ready"))
        assert shop.messenger.sends == []
        assert not any(isinstance(event, ProblemReported) for event in shop.events)

    in_shop(story)


@pytest.mark.requirement("T2")
def test_a_wording_that_cannot_be_rendered_is_never_saved() -> None:
    async def story(shop: Shop) -> None:
        ready = shop.core.templates.get_template(NotificationType.READY)
        with pytest.raises(UnknownVariableError):
            await shop.core.templates.update_template(replace(ready, content="Oi {{nome}}"))
        assert shop.core.templates.get_template(NotificationType.READY) == ready

    in_shop(story)
