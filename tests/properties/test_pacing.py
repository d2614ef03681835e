"""Whatever comes, and however the PC's clock is set: no limit is exceeded and nothing waits without a reason."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.attempt import Outcome, Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.domain.notification import UNFINISHED, Notification, State
from app.domain.phone import Phone
from app.domain.rate_limit import HOUR, RateLimitPolicy
from app.ports.store import Rows
from tests.contracts.asked_store import NOW
from tests.harness.every_notification import every_notification
from tests.harness.examples import examples
from tests.harness.shop import MAIN, TRUSTING, Shop, open_shop, shop_choices

POLICY = RateLimitPolicy(per_minute=6, per_customer_hour=3, warm_up=(4, 4))
KNOWN, CUSTOMERS = 2, 12
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Order:
    customer: int


@dataclass(frozen=True)
class SetClock:
    by: timedelta


@dataclass(frozen=True)
class Refusal:
    kind: RejectionKind


@dataclass(frozen=True)
class Wait:
    length: timedelta


Step = Order | SetClock | Refusal | Wait
orders = st.builds(Order, st.integers(0, CUSTOMERS - 1))
waits = st.builds(Wait, st.timedeltas(timedelta(0), timedelta(minutes=10)))
refusals = st.builds(
    Refusal,
    st.sampled_from([RejectionKind.RATE_LIMITED, RejectionKind.RESTRICTED, RejectionKind.TRANSIENT]),
)
lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=1))
jumps = st.one_of(lengths, lengths.map(lambda length: -length)).map(SetClock)
kinds: list[st.SearchStrategy[Step]] = [*[orders] * 6, *[waits] * 3, refusals, jumps]
steps: st.SearchStrategy[Step] = st.sampled_from(kinds).flatmap(lambda kind: kind)
days = st.lists(steps, min_size=20, max_size=60)


def _phone(n: int) -> Phone:
    return Phone(f"+557399999{n:04}")


class _Ledger:
    """When the messenger was asked to send to whom, and what came of it."""

    def __init__(self, shop: Shop) -> None:
        self.tries: list[timedelta] = []
        self.taken: dict[str, list[timedelta]] = defaultdict(list)
        self._clock, self._send = shop.clock, shop.messenger.send_text
        shop.messenger.send_text = self.send_text  # type: ignore[method-assign]

    async def send_text(
        self,
        session_id: SessionId,
        jid: str,
        text: str,
        message_id: MessageId,
        not_after: timedelta,
        *,
        noted: bool = False,
        expiration_s: int = 0,
    ) -> Outcome:
        outcome = await self._send(
            session_id, jid, text, message_id, not_after, noted=noted, expiration_s=expiration_s
        )
        self.tries.append(self._clock.steady())
        if not isinstance(outcome, Rejected):
            self.taken[jid].append(self._clock.steady())
        return outcome

    def keeps_the_limits(self) -> None:
        _within(self.tries, MINUTE, POLICY.per_minute)
        for moments in self.taken.values():
            _within(moments, HOUR, POLICY.per_customer_hour)
        known = {f"{_phone(n).number[1:]}@s.whatsapp.net" for n in range(KNOWN)}
        assert len(set(self.taken) - known) <= POLICY.warm_up[0]


def _within(moments: list[timedelta], window: timedelta, most: int) -> None:
    for sooner, later in zip(moments, moments[most:], strict=False):
        assert later - sooner >= window


def _meet_the_known(rows: Rows) -> None:
    for n in range(KNOWN):
        rows.contacts.save(_phone(n), Contact(MAIN, first_inbound_at=NOW))


async def _step(shop: Shop, number: int, step: Step) -> None:
    match step:
        case Order(customer):
            await shop.see(shop.order(number, _phone(customer).number))
        case SetClock(by):
            shop.clock.set_wall(shop.clock.now() + by)
        case Refusal(kind):
            shop.messenger.outcomes.append(Rejected(kind))
        case Wait(length):
            await shop.clock.advance(length)


async def _nothing_waits_without_a_reason(shop: Shop) -> None:
    every = await shop.store.read(every_notification)
    first: dict[Address, Notification] = {}
    for row in sorted(every, key=lambda row: row.seq):
        if row.state in UNFINISHED:
            first.setdefault(row.phone, row)
    for row in first.values():
        hold = await shop.core.rate_limiters.hold_of(row)
        assert row.state is State.PENDING
        assert hold is not None
        assert hold.until > shop.core.clock.now()


def _in_order(shop: Shop, placed: dict[str, int]) -> None:
    """A message may be tried again, never after a later one of its customer."""
    latest: dict[str, int] = {}
    for send in shop.messenger.sends:
        assert placed[send.message_id] >= latest.get(send.jid, 0)
        latest[send.jid] = placed[send.message_id]


async def _afternoon(steps: Sequence[Step]) -> None:
    async with open_shop(choices=shop_choices(POLICY, liveness=TRUSTING)) as shop:
        await shop.store.transact(_meet_the_known)
        ledger = _Ledger(shop)
        for number, step in enumerate(steps):
            await _step(shop, number, step)
        # A retry's few seconds are no hold.
        await shop.pass_time(seconds=10)
        await _nothing_waits_without_a_reason(shop)
        ledger.keeps_the_limits()
        every = await shop.store.read(every_notification)
        _in_order(shop, {row.message_id: row.seq for row in every})


@pytest.mark.requirement("X2", "Q2")
@pytest.mark.timeout(240)
@settings(max_examples=examples(200), deadline=None)
@given(days)
def test_limits_hold_and_nothing_is_held_without_one(steps: Sequence[Step]) -> None:
    asyncio.run(_afternoon(steps))


@pytest.mark.requirement("X2")
@given(st.integers(1, 60), st.floats(0, 1, exclude_max=True))
def test_the_gap_never_lets_more_through_than_the_limit(per_minute: int, chance: float) -> None:
    gap = RateLimitPolicy(per_minute).gap(chance)
    assert gap * per_minute >= MINUTE - timedelta(microseconds=per_minute)
    assert gap <= MINUTE / per_minute * 1.5 + timedelta(microseconds=1)
