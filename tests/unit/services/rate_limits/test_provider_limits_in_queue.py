"""Provider limits in the queue: slow down after 429, no first contacts after 463; held, never lost."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.attempt import Accepted, Rejected, RejectionKind
from app.domain.events import ProblemReported, RateLimitHoldsChanged
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.rate_limit import NO_RATE_LIMIT, Hold, HoldReason, cool_down
from app.domain.restriction import Restriction, RestrictionKind
from app.ports.histories import history_record, history_setting
from app.ports.inbound import Inbound
from tests.harness.shop import MAIN, Shop, in_shop, open_shop, shop_choices
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.unit.services.rate_limits.test_rate_limiter import jid, meet, phone

pytestmark = pytest.mark.requirement("X2")

LOCKED = Restriction(RestrictionKind.TIME_LOCK, active=True)
LIFTED = Restriction(RestrictionKind.TIME_LOCK, active=False)
HELD_BY = {
    RestrictionKind.TIME_LOCK: HoldReason.COLD_LOCK,
    RestrictionKind.NEW_CHAT_CAP: HoldReason.NEW_CHAT_CAP,
}
SLOWER, REFUSED = Rejected(RejectionKind.RATE_LIMITED, 429), Rejected(RejectionKind.RESTRICTED, 463)


def test_cool_downs_double_up_to_half_an_hour() -> None:
    minutes = [cool_down(times) // timedelta(minutes=1) for times in range(1, 8)]
    assert minutes == [1, 2, 4, 8, 16, 30, 30]


def test_too_many_requests_hold_the_session_longer_and_spend_no_attempt() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([SLOWER] * 3)
        orders = [shop.order(n, phone(n)) for n in range(3)]
        for order in orders:
            await shop.see(order)
        tries = [len(shop.messenger.sends)]
        for minutes in (1, 2, 4):
            await shop.pass_time(seconds=60 * minutes - 1)
            tries.append(len(shop.messenger.sends))
            await shop.pass_time(seconds=1)
            tries.append(len(shop.messenger.sends))
        assert tries == [1, 1, 2, 2, 3, 3, 6]
        messages = [await shop.message(order) for order in orders]
        assert {(message.state, message.attempts) for message in messages} == {(State.SENT, 1)}

    in_shop(story, choices=shop_choices())


def test_the_screen_is_told_until_when_a_session_cools_down() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(SLOWER)
        order = shop.order(1, phone(1))
        await shop.see(order)
        ends = shop.clock.now() + timedelta(minutes=1)
        hold = await shop.core.rate_limiters.hold_of(await shop.message(order))
        assert hold is not None
        assert (hold.reason, hold.until) == (HoldReason.COOL_DOWN, ends)
        (told,) = [event for event in shop.events if isinstance(event, RateLimitHoldsChanged)]
        assert told.status.held_until(HoldReason.COOL_DOWN) == ends

    in_shop(story, choices=shop_choices())


def test_cool_down_survives_a_restart_and_a_clock_set_back_meanwhile() -> None:
    async def day(set_back: timedelta) -> None:
        store, clock = MemoryStore(), MovedClock()
        async with open_shop(store=store, clock=clock, choices=shop_choices()) as first:
            first.messenger.outcomes.append(SLOWER)
            await first.see(first.order(1, phone(1)))
        clock.set_wall(clock.now() - set_back)
        async with open_shop(store=store, clock=clock, choices=shop_choices()) as second:
            await second.pass_time(seconds=50)
            assert second.messenger.sends == []
            await second.pass_time(minutes=30)
            assert len(second.messenger.sends) == 1

    for set_back in (timedelta(0), timedelta(days=1)):
        asyncio.run(day(set_back))


def test_refused_first_contact_fails_at_once_and_is_not_tried_again() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(REFUSED)
        order = shop.order(1, phone(1))
        await shop.see(order)
        await shop.pass_time(hours=30)
        refused = await shop.message(order)
        assert (refused.state, refused.reason, refused.attempts) == (State.FAILED, "restricted:463", 1)
        assert len(shop.messenger.sends) == 1

    in_shop(story, choices=shop_choices())


def test_strangers_wait_a_day_after_three_refusals_and_contacts_are_told() -> None:
    async def story(shop: Shop) -> None:
        await meet(shop, 80)
        shop.messenger.outcomes.extend([REFUSED] * 3)
        for n in range(3):
            await shop.see(shop.order(n, phone(n)))
        stranger, known = shop.order(9, phone(9)), shop.order(80, phone(80))
        await shop.see(stranger)
        await shop.see(known)
        await shop.pass_time(minutes=1)
        assert shop.messenger.sends[3:][0].jid == jid(80)
        hold = await shop.core.rate_limiters.hold_of(await shop.message(stranger))
        assert hold is not None
        assert hold.reason is HoldReason.COLD_LOCK
        await shop.clock.advance(hold.until - shop.clock.now() - timedelta(seconds=1))
        assert len(shop.messenger.sends) == 4
        await shop.pass_time(seconds=1)
        assert (await shop.message(stranger)).state is State.SENT

    in_shop(story, choices=shop_choices())


def test_a_stranger_who_was_told_meanwhile_starts_the_count_anew() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([REFUSED, REFUSED, Accepted(shop.clock.now()), REFUSED])
        for n in range(5):
            await shop.see(shop.order(n, phone(n)))
        assert len(shop.messenger.sends) == 5
        (gauge,) = shop.core.rate_limiters.statuses()
        assert gauge.holds == ()

    in_shop(story, choices=shop_choices())


@pytest.mark.parametrize("kind", list(HELD_BY))
def test_whatsapps_own_word_pauses_first_contacts_until_its_end(kind: RestrictionKind) -> None:
    async def day() -> None:
        store, clock = MemoryStore(), MovedClock()
        ends = clock.now() + timedelta(hours=50)
        async with open_shop(store=store, clock=clock, choices=shop_choices()) as first:
            await first.messenger.listener.restricted(MAIN, Restriction(kind, active=True, until=ends))
            suffix = "_relink" if kind is RestrictionKind.TIME_LOCK else ""
            assert ProblemReported(f"restricted_{kind}{suffix}") in first.events
            await first.see(first.order(1, phone(1)))
            await first.pass_time(hours=30)
        async with open_shop(store=store, clock=clock, choices=shop_choices()) as second:
            await second.pass_time(hours=19)
            (gauge,) = second.core.rate_limiters.statuses()
            assert (gauge.held_until(HELD_BY[kind]), second.messenger.sends) == (ends, [])
            await second.pass_time(hours=1)
            assert len(second.messenger.sends) == 1

    asyncio.run(day())


def test_a_restriction_that_whatsapp_lifts_is_over_at_once() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        await shop.see(shop.order(1, phone(1)))
        await shop.pass_time(minutes=5)
        assert shop.messenger.sends == []
        await shop.messenger.listener.restricted(MAIN, LIFTED)
        await shop.pass_time(seconds=1)
        assert len(shop.messenger.sends) == 1
        await shop.messenger.listener.restricted(SessionId("unknown"), LOCKED)

    in_shop(story, choices=shop_choices())


def test_that_whatsapp_knows_of_no_lock_makes_no_refusal_undone() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.extend([REFUSED] * 3)
        for n in range(3):
            await shop.see(shop.order(n, phone(n)))
            await shop.messenger.listener.restricted(MAIN, LIFTED)
        held = shop.order(3, phone(3))
        await shop.see(held)
        await shop.pass_time(minutes=1)
        assert len(shop.messenger.sends) == 3
        hold = await shop.core.rate_limiters.hold_of(await shop.message(held))
        assert hold is not None
        assert hold.reason is HoldReason.COLD_LOCK

    in_shop(story, choices=shop_choices(pace=NO_RATE_LIMIT))


def test_customer_who_writes_during_a_time_lock_is_told_at_once() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        for n in (1, 2):
            await shop.see(shop.order(n, phone(n)))
        wrote = Inbound(MAIN, MessageId("in"), Phone(phone(2)), "text", "oi", shop.clock.now(), live=True)
        await shop.messenger.emit(wrote)
        await let_tasks_run()
        assert [send.jid for send in shop.messenger.sends] == [jid(2)]

    in_shop(story, choices=shop_choices())


def test_time_lock_says_that_linking_again_helps_until_a_history_was_read() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        await shop.core.background.store.transact(
            lambda rows: rows.settings.set(history_setting(MAIN), history_record(shop.clock.now()))
        )
        for said in (LIFTED, LOCKED):
            await shop.messenger.listener.restricted(MAIN, said)
        codes = [event.code for event in shop.events if isinstance(event, ProblemReported)]
        assert codes == ["restricted_time_lock_relink", "restricted_time_lock"]

    in_shop(story, choices=shop_choices())


def test_time_lock_says_that_linking_again_helps_a_number_linked_anew() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.background.store.transact(
            lambda rows: rows.settings.set(history_setting(MAIN), history_record(shop.clock.now()))
        )
        await shop.core.connection.logout()
        await shop.core.connection.pair()
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        codes = [event.code for event in shop.events if isinstance(event, ProblemReported)]
        assert codes == ["restricted_time_lock_relink"]

    in_shop(story, choices=shop_choices())


def test_restriction_is_announced_once_when_it_begins_and_not_when_it_ends() -> None:
    async def story(shop: Shop) -> None:
        def told() -> int:
            return shop.events.count(ProblemReported("restricted_time_lock_relink"))

        await shop.messenger.listener.restricted(MAIN, LIFTED)
        assert (told(), [event for event in shop.events if isinstance(event, RateLimitHoldsChanged)]) == (
            0,
            [],
        )
        for said in (LOCKED, LOCKED, LIFTED):
            await shop.messenger.listener.restricted(MAIN, said)
            assert told() == 1
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        assert told() == 2

    in_shop(story, choices=shop_choices())


def test_that_the_time_lock_is_over_lets_no_cap_on_new_chats_go() -> None:
    async def story(shop: Shop) -> None:
        ends = shop.clock.now() + timedelta(hours=2)
        capped = Restriction(RestrictionKind.NEW_CHAT_CAP, active=True, until=ends, used=10, total=10)
        for said in (LOCKED, capped, LIFTED):
            await shop.messenger.listener.restricted(MAIN, said)
        order = shop.order(1, phone(1))
        await shop.see(order)
        await shop.pass_time(minutes=119)
        hold = await shop.core.rate_limiters.hold_of(await shop.message(order))
        assert hold == Hold(HoldReason.NEW_CHAT_CAP, ends)
        await shop.pass_time(minutes=1)
        assert (await shop.message(order)).state is State.SENT

    in_shop(story, choices=shop_choices())


@pytest.mark.requirement("K6")
def test_time_lock_holds_no_customer_whose_token_the_phone_has_pushed() -> None:
    async def story(shop: Shop) -> None:
        regular, stranger = phone(1), phone(2)
        shop.messenger.trusted.add(Phone(regular))
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        told, held = shop.order(1, regular), shop.order(2, stranger)
        for order in (told, held):
            await shop.see(order)
        await shop.pass_time(minutes=1)
        assert [send.jid for send in shop.messenger.sends] == [jid(1)]
        hold = await shop.core.rate_limiters.hold_of(await shop.message(held))
        assert hold is not None
        assert hold.reason is HoldReason.COLD_LOCK

    in_shop(story, choices=shop_choices())


@pytest.mark.requirement("K6")
def test_time_lock_holds_a_regular_until_linking_again_brings_their_token() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.restricted(MAIN, LOCKED)
        regular = phone(1)
        shop.messenger.lids[Phone(regular)] = "4711@lid"
        await shop.see(shop.order(1, regular))
        await shop.pass_time(minutes=1)
        assert shop.messenger.sends == []
        shop.messenger.trusted.add(Phone(regular))
        await shop.core.background.store.transact(
            lambda rows: rows.settings.set(history_setting(MAIN), history_record(shop.clock.now()))
        )
        await shop.messenger.listener.history_read(MAIN)
        await shop.pass_time(minutes=1)
        assert [send.jid for send in shop.messenger.sends] == [jid(1)]

    in_shop(story, choices=shop_choices())
