"""A message that WhatsApp does not take is tried again after exactly 1, 2 and 4 seconds, whatever else goes on."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.attempt import Outcome, Rejected, RejectionKind
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import State
from tests.harness.examples import examples
from tests.harness.shop import TRUSTING, Shop, open_shop, shop_choices

_TRANSIENT = [RejectionKind.TRANSIENT, RejectionKind.NO_DEVICES, RejectionKind.STALE_SESSION]
_MOST = 4
lateness = st.timedeltas(timedelta(0), timedelta(seconds=30))
customers = st.lists(
    st.tuples(lateness, st.lists(st.sampled_from(_TRANSIENT), max_size=_MOST)), min_size=1, max_size=4
)
# What is less than a second is a clock's ordinary trimming.
lengths = st.timedeltas(timedelta(seconds=1), timedelta(days=1))
jumps = st.lists(st.tuples(lateness, st.one_of(lengths, lengths.map(lambda length: -length))), max_size=2)


class _Answers:
    """Each message is refused as often as its customer's list says; when it was tried is written down."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.refusals: dict[str, list[RejectionKind]] = {}
        self.tried: dict[MessageId, list[timedelta]] = {}

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
        self.tried.setdefault(message_id, []).append(self._shop.clock.steady())
        refusals = self.refusals[jid.partition("@")[0]]
        if refusals:
            return Rejected(refusals.pop(0))
        return await self._taken(
            session_id, jid, text, message_id, not_after, noted=noted, expiration_s=expiration_s
        )

    def install(self) -> None:
        self._taken = self._shop.messenger.send_text
        self._shop.messenger.send_text = self.send_text  # type: ignore[method-assign]


async def _afternoon(
    plan: list[tuple[timedelta, list[RejectionKind]]], jumps: list[tuple[timedelta, timedelta]]
) -> None:
    async with open_shop(choices=shop_choices(liveness=TRUSTING)) as shop:
        answers = _Answers(shop)
        answers.install()
        events = sorted(
            [(at, n, None) for n, (at, _) in enumerate(plan)]
            + [(at, len(plan) + n, by) for n, (at, by) in enumerate(jumps)]
        )
        started, orders = shop.clock.steady(), {}
        for at, n, by in events:
            await shop.clock.advance(started + at - shop.clock.steady())
            if by is not None:
                shop.clock.set_wall(shop.clock.now() + by)
                continue
            phone = f"+557399999{n:04}"
            answers.refusals[phone[1:]] = list(plan[n][1])
            orders[n] = shop.order(n, phone)
            await shop.see(orders[n])
        await shop.pass_time(seconds=10)
        for n, order in orders.items():
            message = await shop.message(order)
            refused = len(plan[n][1])
            tried = answers.tried[message.message_id]
            waits = [(later - sooner).total_seconds() for sooner, later in pairwise(tried)]
            assert waits == [1, 2, 4][: min(refused, 3)]
            assert message.state is (State.SENT if refused < _MOST else State.FAILED)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.requirement("Q3")
@example([(timedelta(0), [RejectionKind.TRANSIENT])], [(timedelta(0), -timedelta(seconds=1))])
@example([(timedelta(0), [RejectionKind.TRANSIENT] * 3)], [(timedelta(seconds=1), -timedelta(seconds=1.5))])
@settings(max_examples=examples(1000), deadline=None)
@given(customers, jumps)
def test_each_retry_comes_at_its_second_even_if_the_pcs_clock_is_set(
    plan: list[tuple[timedelta, list[RejectionKind]]], jumps: list[tuple[timedelta, timedelta]]
) -> None:
    asyncio.run(_afternoon(plan, jumps))
