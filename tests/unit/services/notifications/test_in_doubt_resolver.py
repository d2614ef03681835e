"""In-doubt resolver: evidence settles a row, else it repeats under its id or asks a person."""

import asyncio

import pytest

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.lease import LeaseOwner
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.shop import MAIN, Shop, advanced, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.unit.services.notifications.test_in_flight_window import WINDOW, owed, states
from tests.unit.services.notifications.test_in_flight_window_busy_database import broken_off


@pytest.mark.requirement("Q4")
def test_doubt_without_evidence_repeats_under_the_same_id_at_most_twice() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([InDoubt("socket_closed")] * 9)
        order = shop.order(10)
        await shop.see(order)
        for _ in range(5):
            await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            await shop.pass_time(minutes=2)
        assert len({send.message_id for send in shop.messenger.sends}) == 1
        assert len({send.text for send in shop.messenger.sends}) == 1
        assert len(shop.messenger.sends) == 3
        assert (await shop.message(order)).state is State.IN_DOUBT

    in_shop(story)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(
    "evidence", [Evidence.ACCEPTED, Evidence.SENDER, Evidence.RETRY, Evidence.COPY, Evidence.DELIVERED]
)
def test_a_doubt_with_evidence_is_never_sent_again(evidence: Evidence) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        order = shop.order(11)
        await shop.see(order)
        message = await shop.message(order)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=1)
        await shop.messenger.emit(Receipt(message.message_id, evidence, shop.clock.now()))
        await shop.pass_time(minutes=5)
        assert len(shop.messenger.sends) == 1
        assert (await shop.message(order)).state in {State.SENT, State.DELIVERED}

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_silence_on_an_open_connection_replaces_the_connection() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("ack_timeout"))
        await shop.see(shop.order(12))
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.connects) == 2
        assert [send.message_id for send in shop.messenger.sends].count(
            shop.messenger.sends[0].message_id
        ) == 2

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubts_recorded_together_replace_the_connection_once() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, WINDOW)
        mend = broken_off(shop)
        await shop.pass_time(seconds=15)
        mend()
        shop.messenger.gate.set()
        await shop.pass_time(seconds=10)
        assert len(shop.messenger.connects) == 2
        assert len(shop.messenger.sends) == 2 * WINDOW
        assert await states(shop) == [State.SENT] * WINDOW

    in_shop(story)


@pytest.mark.requirement("Q4", "Q5")
def test_doubt_recorded_after_the_next_connection_drained_is_settled_on_it() -> None:
    async def story(shop: Shop) -> None:
        await owed(shop, 1)
        mend = broken_off(shop, reads=False)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=10)
        assert shop.core.sessions.is_connected(MAIN)
        mend()
        shop.messenger.gate.set()
        await shop.pass_time(seconds=4)
        assert (await states(shop), len(shop.messenger.connects)) == ([State.SENT], 2)

    in_shop(story)


@pytest.mark.requirement("Q4")
def test_doubt_recorded_before_the_close_is_told_waits_for_the_next_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        await shop.see(shop.order(20))
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=2)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.pass_time(seconds=2)
        assert await states(shop) == [State.IN_DOUBT]
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await shop.pass_time(seconds=3)
        assert await states(shop) == [State.SENT]

    in_shop(story)


@pytest.mark.requirement("Q5")
def test_sending_row_of_a_dead_process_is_in_doubt_and_its_ratchet_renewed() -> None:
    async def day() -> None:
        store = MemoryStore()
        async with open_shop(store=store, owner=LeaseOwner(1, "a", "boot")) as first:
            order = first.order(13)
            await first.see(order)
            first.messenger.gate.clear()
            await first.see(advanced(order, "ready"))
            died_with = store.copy()
            first.messenger.gate.set()
        async with open_shop(store=died_with, owner=LeaseOwner(2, "b", "boot")) as second:
            doubted = await second.message(order, NotificationType.READY)
            assert doubted.state is State.IN_DOUBT
            assert second.messenger.sends == []
            await second.pass_time(seconds=3)
            assert second.messenger.refreshed == [("5573999548537@s.whatsapp.net",)]
            told = await second.message(order, NotificationType.READY)
            assert (told.state, len(second.messenger.sends)) == (State.SENT, 1)
            assert second.messenger.sends[0].message_id == doubted.message_id

    asyncio.run(day())


@pytest.mark.requirement("Q5")
@pytest.mark.parametrize("order_of_news", [("open", "drained"), ("drained", "open")])
def test_doubts_are_settled_three_seconds_after_opening_and_draining(
    order_of_news: tuple[str, str],
) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        await shop.see(shop.order(18))
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=2)
        for news in order_of_news:
            await shop.messenger.emit(LinkChanged(MAIN, LinkState(news)))
        await shop.pass_time(seconds=2.9)
        assert len(shop.messenger.sends) == 1
        await shop.pass_time(seconds=0.1)
        assert len(shop.messenger.sends) == 2

    in_shop(story)


def test_doubts_are_settled_even_if_the_offline_queue_never_reports_empty() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(InDoubt("socket_closed"))
        await shop.see(shop.order(19))
        shop.messenger.opens = False
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
        await shop.pass_time(seconds=2)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
        await shop.pass_time(seconds=8)
        assert len(shop.messenger.sends) == 2

    in_shop(story)


@pytest.mark.requirement("Q3")
def test_what_is_refused_for_a_stale_session_goes_again_over_a_new_one() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.STALE_SESSION, 479))
        order = shop.order(40)
        await shop.see(order)
        assert shop.messenger.refreshed == []
        await shop.pass_time(seconds=1)
        assert len(shop.messenger.refreshed) == 1
        assert [send.message_id for send in shop.messenger.sends] == [
            (await shop.message(order)).message_id
        ] * 2

    in_shop(story)
