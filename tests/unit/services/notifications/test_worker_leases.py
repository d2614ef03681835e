"""Worker: a leased row that has not started follows its order; other workers leave it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.attempt import InDoubt, Outcome
from app.domain.contact import Contact
from app.domain.errors import AlreadySentError, NotAllowedNowError
from app.domain.identifiers import MessageId, SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.services.notifications.contact_history import reassign_pending
from tests.contracts.asked_store import ANA, BIA, LATER, NOW, Asked, owed
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.unit.services.notifications.test_in_flight_window import (
    WINDOW,
    acquainted,
    answered,
    phone,
    states,
)


async def last_of_six(shop: Shop) -> Notification:
    """Six are due at once, one more than may be on their way, and WhatsApp answers none of them yet."""
    await acquainted(shop, WINDOW + 1)
    shop.messenger.gate.clear()
    await shop.core.queue.pause()
    orders = [shop.order(customer, phone(customer)) for customer in range(WINDOW + 1)]
    for order in orders:
        await shop.see(order)
    await shop.core.queue.resume()
    await let_tasks_run()
    return await shop.message(orders[-1])


@pytest.mark.requirement("A5", "Q7")
@pytest.mark.parametrize("status", ["cancelled", "expired"])
def test_message_without_room_goes_with_its_cancelled_order(status: str) -> None:
    async def story(shop: Shop) -> None:
        row = await last_of_six(shop)
        assert (row.state, row.lease) == (State.PENDING, None)
        await shop.see(advanced(shop.order(WINDOW, phone(WINDOW)), status))
        await answered(shop)
        assert await states(shop) == [State.SENT] * WINDOW + [State.CANCELLED]
        assert row.message_id not in {send.message_id for send in shop.messenger.sends}

    in_shop(story)


@pytest.mark.requirement("Q7")
def test_message_without_room_can_be_undone() -> None:
    async def story(shop: Shop) -> None:
        row = await last_of_six(shop)
        await shop.core.queue.undo(row.id)
        await answered(shop)
        assert await states(shop) == [State.SENT] * WINDOW + [State.CANCELLED]

    in_shop(story)


@pytest.mark.requirement("Q7")
def test_undo_refuses_a_message_that_is_leased() -> None:
    async def story(shop: Shop) -> None:
        row = await last_of_six(shop)
        leased = replace(row, lease=Lease("1/now/boot", row.scheduled_at + LATER))
        await shop.store.transact(lambda rows: rows.notifications.save(leased))
        with pytest.raises(AlreadySentError):
            await shop.core.queue.undo(row.id)
        with pytest.raises(NotAllowedNowError):
            await shop.core.queue.cancel(row.id)

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_follow_leaves_a_leased_message_with_its_number() -> None:
    asked, second = Asked(MemoryStore()), SessionId("second")
    held = owed("o1", phone=ANA, lease=Lease("worker", NOW + LATER))
    free = owed("o2", phone=BIA)
    for row in (held, free):
        asked.add(row)
        asked.save(row)
        asked.transact(lambda rows, row=row: rows.contacts.save(row.phone, Contact(second)))  # type: ignore[misc]
    assert asked.transact(lambda rows: reassign_pending(rows, ANA)) == []
    (moved,) = asked.transact(lambda rows: reassign_pending(rows, BIA))
    assert (moved.id, moved.session_id) == (free.id, second)


class FirstInDoubt(ScriptedMessenger):
    """The line of the first text is lost at once; the others wait for their answers."""

    _first = True

    async def send_text(
        self,
        session_id: SessionId,
        jid: str,
        text: str,
        message_id: MessageId,
        not_after: timedelta,
        *,
        noted: bool = False,  # noqa: ARG002 - the port's signature
        expiration_s: int = 0,  # noqa: ARG002 - the port's signature
    ) -> Outcome:
        if self._first:
            self._first = False
            self.gate.set()
            self.outcomes.append(InDoubt("socket_closed"))
            try:
                return await super().send_text(session_id, jid, text, message_id, not_after)
            finally:
                self.gate.clear()
        return await super().send_text(session_id, jid, text, message_id, not_after)


@pytest.mark.requirement("Q4")
def test_worker_begins_no_leased_message_behind_a_doubt() -> None:
    async def story(shop: Shop) -> None:
        row = await last_of_six(shop)
        assert (row.state, row.lease) == (State.PENDING, None)
        assert len(shop.messenger.sends) == WINDOW
        shop.messenger.gate.set()
        await shop.pass_time(minutes=1)
        assert await states(shop) == [State.SENT] * (WINDOW + 1)

    in_shop(story, messengers=FirstInDoubt)
