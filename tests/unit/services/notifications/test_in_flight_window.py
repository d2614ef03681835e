"""In-flight window: several messages at once, one per customer, with all promises kept."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.identifiers import MessageId
from app.domain.lease import LeaseOwner
from app.domain.notification import Notification, State
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import NO_RATE_LIMIT, HoldReason
from app.ports.inbound import Inbound
from app.ports.store import Rows
from tests.harness.every_notification import in_state
from tests.harness.shop import MAIN, PATIENT, Shop, in_shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run

WINDOW = QueuePolicy().window


def phone(customer: int) -> str:
    return f"+557399954{customer:04}"


async def acquainted(shop: Shop, customers: int) -> None:
    """Customers who wrote before: strangers would be told one at a time."""

    def work(rows: Rows) -> None:
        for customer in range(customers):
            number = shop.core.messages.phone_numbers.parse(phone(customer))
            rows.contacts.save(number, Contact(MAIN, first_inbound_at=shop.clock.now()))

    await shop.store.transact(work)


async def owed(shop: Shop, customers: int, *, orders: int = 1) -> None:
    """Each customer is owed a message for each of their orders, and WhatsApp answers none of them yet."""
    await acquainted(shop, customers)
    shop.messenger.gate.clear()
    for number in range(orders):
        for customer in range(customers):
            await shop.see(shop.order(100 * number + customer, phone(customer)))


async def states(shop: Shop) -> list[State]:
    def work(rows: Rows) -> list[tuple[int, State]]:
        return [(row.seq, state) for state in State for row in in_state(rows, state)]

    return [state for _, state in sorted(await shop.store.read(work))]


async def answered(shop: Shop) -> None:
    shop.messenger.gate.set()
    await let_tasks_run()


@pytest.mark.requirement("Q2")
def test_five_are_on_their_way_and_the_sixth_waits_for_an_answer() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW + 2)
        assert WINDOW == len(shop.messenger.sends) == 5
        assert await states(shop) == [State.SENDING] * 5 + [State.PENDING] * 2
        await answered(shop)
        assert await states(shop) == [State.SENT] * 7

    in_shop(story)


@pytest.mark.requirement("Q2")
def test_a_customers_second_message_waits_for_the_answer_to_the_first() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, 2, orders=3)
        assert len(shop.messenger.sends) == 2
        await answered(shop)
        said = [(send.jid, send.text) for send in shop.messenger.sends]
        for customer in range(2):
            numbers = [
                text.partition("#")[2][:3] for jid, text in said if jid.startswith(phone(customer)[1:])
            ]
            assert numbers == sorted(numbers)
        assert await states(shop) == [State.SENT] * 6

    in_shop(story)


@pytest.mark.requirement("Q2", "Q6")
def test_message_tried_again_does_not_go_beside_its_customers_next_one() -> None:
    async def story(shop: Shop) -> None:
        await acquainted(shop, 1)
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        failed = shop.order(1, phone(0))
        await shop.see(failed)
        shop.messenger.gate.clear()
        await shop.see(shop.order(2, phone(0)))
        await shop.core.queue.retry((await shop.message(failed)).id)
        await let_tasks_run()
        assert await states(shop) == [State.PENDING, State.SENDING]
        await answered(shop)
        assert await states(shop) == [State.SENT] * 2

    in_shop(story)


@pytest.mark.requirement("X2")
def test_strangers_are_told_one_at_a_time() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        for customer in range(3):
            await shop.see(shop.order(customer, phone(customer)))
        await acquainted(shop, 0)
        assert len(shop.messenger.sends) == 1
        await answered(shop)
        assert len(shop.messenger.sends) == 3

    in_shop(story)


@pytest.mark.requirement("X2")
def test_contacts_do_not_wait_behind_a_stranger_who_may_not_be_told_yet() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        await acquainted(shop, 1)
        for customer in (1, 2, 0):
            await shop.see(shop.order(customer, phone(customer)))
        assert [send.jid[:13] for send in shop.messenger.sends] == [phone(1)[1:], phone(0)[1:]]
        await answered(shop)

    in_shop(story)


@pytest.mark.requirement("Q2")
def test_who_is_due_meanwhile_does_not_wait_for_somebody_elses_answer() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, 1)
        await acquainted(shop, 2)
        await shop.core.watcher.store_and_notify(shop.order(7, phone(1)), wait=timedelta(seconds=5))
        await shop.pass_time(seconds=4)
        assert len(shop.messenger.sends) == 1
        await shop.pass_time(seconds=1)
        assert len(shop.messenger.sends) == 2
        await answered(shop)

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_a_crash_with_five_on_their_way_loses_none_and_repeats_each_once() -> None:
    async def day() -> None:
        async with open_shop() as shop:
            await owed(shop, WINDOW + 1)
            left = MemoryStore.copy(shop.store)  # type: ignore[arg-type]
            before = {send.message_id: send.text for send in shop.messenger.sends}
            await answered(shop)
        async with open_shop(
            store=left, owner=LeaseOwner(2, "later", "boot"), clock=shop.clock, seed=1
        ) as again:
            await again.pass_time(seconds=10)
            assert await states(again) == [State.SENT] * (WINDOW + 1)
            sent = {send.message_id: send.text for send in again.messenger.sends}
            assert len(again.messenger.sends) == WINDOW + 1
            assert before.items() < sent.items()
            assert {jid[:13] for jids in again.messenger.refreshed for jid in jids} == {
                phone(customer)[1:] for customer in range(WINDOW)
            }

    asyncio.run(day())


@pytest.mark.requirement("X1")
def test_opt_out_with_five_in_flight_stops_that_customers_other_messages() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW, orders=2)
        number = shop.core.messages.phone_numbers.parse(phone(2))
        said = Inbound(MAIN, MessageId("W"), number, "text", "PARAR", shop.clock.now(), live=True)
        await shop.messenger.emit(said)
        await answered(shop)
        told = [send for send in shop.messenger.sends if send.jid.startswith(phone(2)[1:])]
        assert len(shop.messenger.sends) == 2 * WINDOW
        assert len(told) == 2
        assert "não" in told[1].text
        assert (await states(shop)).count(State.SUPPRESSED) == 1

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_finishing_waits_for_all_that_are_on_their_way_and_begins_no_other() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW + 1)
        finishing = asyncio.ensure_future(shop.core.background.workers.finish())  # noqa: TID251 - to be looked at
        await let_tasks_run()
        assert not finishing.done()
        await answered(shop)
        assert finishing.done()
        assert await states(shop) == [State.SENT] * WINDOW + [State.PENDING]
        assert await shop.store.read(lambda rows: rows.notifications.leased()) == []

    in_shop(story)


@pytest.mark.requirement("X2")
def test_too_many_requests_hold_the_next_settle_the_others_and_count_once() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([Rejected(RejectionKind.RATE_LIMITED, 429)] * 3)
        await owed(shop, WINDOW + 2)
        await answered(shop)
        assert len(shop.messenger.sends) == WINDOW
        assert (await states(shop)).count(State.SENT) == 2
        (waiting,) = [row for row in await _pending(shop) if row.phone.text == phone(WINDOW)]
        hold = await shop.core.rate_limiters.hold_of(waiting)
        assert hold is not None
        assert hold.reason is HoldReason.COOL_DOWN
        assert hold.until == shop.clock.now() + timedelta(minutes=1)
        assert await shop.store.read(lambda rows: rows.notifications.leased()) == []
        await shop.pass_time(minutes=1)
        assert set(await states(shop)) == {State.SENT}

    in_shop(story, choices=shop_choices(NO_RATE_LIMIT, PATIENT))


@pytest.mark.requirement("Q4")
def test_a_doubt_stops_the_next_while_the_others_are_settled() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.opens = False
        shop.messenger.outcomes.append(InDoubt("ack_timeout"))
        await owed(shop, WINDOW + 1)
        await answered(shop)
        assert sorted(await states(shop)) == sorted(
            [State.SENT] * (WINDOW - 1) + [State.IN_DOUBT, State.PENDING]
        )

    in_shop(story)


@pytest.mark.requirement("A3")
def test_whoever_is_kept_back_gives_its_place_to_the_next_at_once() -> None:
    async def story(shop: Shop) -> None:
        await acquainted(shop, WINDOW + 3)
        await shop.core.queue.pause()
        for customer in range(1, WINDOW):
            await shop.see(shop.order(customer, phone(customer)))
        await shop.pass_time(minutes=31)
        for customer in (0, *range(WINDOW, WINDOW + 3)):
            await shop.see(shop.order(customer, phone(customer)))
        shop.messenger.gate.clear()
        await shop.core.queue.resume()
        await let_tasks_run()
        assert len(shop.messenger.sends) == 4
        assert (await states(shop)).count(State.SUPPRESSED) == WINDOW - 1
        await answered(shop)

    in_shop(story)


async def _pending(shop: Shop) -> Sequence[Notification]:
    return await shop.store.read(lambda rows: in_state(rows, State.PENDING))
