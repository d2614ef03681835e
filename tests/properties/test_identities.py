"""Orders, claims, opt-outs, replies and mappings in any order: each customer is one, and no two customers are."""

import asyncio
import os
from collections import Counter
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.attempt import InDoubt, Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.notification import TOLD, State, Suppression
from app.domain.order import stage_of
from app.domain.phone import Phone
from app.domain.stage_policy import is_ended
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from tests.harness.examples import examples
from tests.harness.identity_model import Claim, canonical
from tests.harness.identity_steps import (
    ChangeNumber,
    Crash,
    Give,
    Register,
    Say,
    Seen,
    SetClock,
    Silence,
    Tell,
)
from tests.harness.identity_story import NUMBERS, Story
from tests.harness.shop import MAIN
from tests.harness.story_steps import Answer, Hold, Turns, Wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.requirement("K1"),
    pytest.mark.requirement("K2"),
    pytest.mark.requirement("K3"),
    pytest.mark.requirement("K4"),
]
FULL = bool(os.environ.get("FULL"))
# Few enough that no customer claims more of them than one may in a day.
_ORDERS = 5
_STATUSES = ["paid", "in_preparation", "ready", "cancelled"]


Owners = list[int | None]
"""Index of the number that each order has; None for an order without a phone."""
Steps = list[tuple[Any, Turns]]


class Drop:
    async def __call__(self, story: Story) -> None:
        story.start(story.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428)))

    def __repr__(self) -> str:
        return "Drop()"


numbers, which, turns = (
    st.integers(1, _ORDERS),
    st.integers(0, len(NUMBERS) - 1),
    st.builds(Turns, st.sampled_from([0, 0, 1, 2, 3, 4, 6, 9, 20])),
)
anyone, named_by, long = st.integers(0, 9), st.sampled_from(["number", "lid", "lid", "both"]), st.booleans()
outcomes = st.sampled_from([Rejected(RejectionKind.TRANSIENT), InDoubt("socket_closed")])
statuses = st.sampled_from(_STATUSES)
words = st.builds(Say, anyone, named_by, st.sampled_from(["PARAR", "PARAR", "Voltar", "Tem colher?"]), long)
facts = st.one_of(
    st.builds(Tell, st.integers(0, 9), st.booleans()),
    st.builds(Silence, which, st.booleans()),
    st.builds(Register, which),
    st.builds(ChangeNumber, which, which),
)
weather = st.one_of(
    st.builds(Hold, st.booleans()),
    st.builds(Answer, outcomes),
    st.builds(SetClock, st.sampled_from([-60, 0, 60])),
    st.builds(Drop),
    st.builds(Crash),
)
waits = st.builds(Wait, st.sampled_from([1, 3, 6, 130]))


def _order(owners: Owners) -> st.SearchStrategy[Seen]:
    def order(*, n: int, phoneless: bool, spelt: bool, status: str) -> Seen:
        return Seen(n, None if phoneless else owners[n - 1], spelt, status)

    phoneless = st.sampled_from([True, False, False, False])
    return st.builds(order, n=numbers, phoneless=phoneless, spelt=long, status=statuses)


def _claim(owners: Owners) -> st.SearchStrategy[Say]:
    """Its own customer claims an order, or anyone does."""

    def claim(*, n: int, own: bool, who: int, named: str, spelt: bool) -> Say:
        owner = owners[n - 1]
        return Say(who if owner is None or not own else owner, named, claim_text(n), spelt)

    return st.builds(claim, n=numbers, own=st.booleans(), who=anyone, named=named_by, spelt=long)


def _steps(owners: Owners) -> st.SearchStrategy[Steps]:
    gives = st.builds(Give, numbers, st.integers(0, 9))
    kinds = [_order(owners)] * 3 + [_claim(owners)] * 2 + [words] * 2 + [facts, facts, weather, waits, gives]
    one = st.sampled_from(range(len(kinds))).flatmap(kinds.__getitem__)
    return st.lists(st.tuples(one, turns), min_size=12, max_size=40)


owned = st.lists(st.sampled_from([None, 0, 0, 0, 1, 1, 2]), min_size=_ORDERS, max_size=_ORDERS)
stories = st.tuples(owned, st.sets(which)).flatmap(
    lambda world: st.tuples(st.just(world[0]), st.just(world[1]), _steps(world[0]))
)


async def _told(owners: Owners, silent: set[int], steps: Steps) -> None:
    story = Story()
    story.silent = {NUMBERS[each] for each in silent}
    await story.begin()
    try:
        for step, turns in steps:
            await step(story)
            await turns(story)
            assert not story.model.broken, story.model.broken
        await _peace(story)
        assert not story.model.broken, story.model.broken
        await _check(story, owners)
    finally:
        await story.end()


async def _peace(story: Story) -> None:
    """A good network, a right clock, and time."""
    story.shop.messenger.outcomes.clear()
    story.shop.messenger.gate.set()
    await SetClock(0)(story)
    await story.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await story.shop.pass_time(minutes=6)


async def _check(story: Story, owners: Owners) -> None:
    assert not story.arrivals
    rows = story.store._tables.notifications.values()
    assert {row.state for row in rows} <= set(State) - {State.PENDING, State.SENDING}, "forgotten"
    assert all(story.handed.get(row.message_id, 0) <= 1 + row.attempts for row in rows)
    asked_for = {None, *(story.shop.order(each).id for each in story.given)}
    told = (row for row in rows if row.state in TOLD and row.order_id not in asked_for)
    times = Counter((row.order_id, row.type, story.model.customer(row.phone)) for row in told)
    assert max(times.values(), default=1) == 1, "told twice"
    await story.store.read(partial(_check_linked, story=story))
    for claim in story.model.claims:
        await story.store.read(partial(_check_claim, story=story, owners=owners, claim=claim))


def _check_linked(rows: Rows, story: Story) -> None:
    """An order that was linked to a customer, and never went back a stage, keeps none from them."""
    for number, statuses in story.statuses.items():
        order = rows.orders.get(story.shop.order(number).id)
        if order and order.source_phone is not None and statuses == sorted(statuses, key=_STATUSES.index):
            present = [row for row in rows.notifications.of_order(order.id) if row.type is stage_of(order)]
            lacks = any(row.reason == Suppression.INVALID_PHONE for row in present)
            assert not lacks or is_ended(order), "claimed, and not told"


def _check_claim(rows: Rows, story: Story, owners: Owners, claim: Claim) -> None:
    order = rows.orders.get(claim.order_id)
    assert order
    owner = owners[order.number - 1]
    number = None if owner is None else canonical(NUMBERS[owner])
    if not isinstance(number, Phone) or story.model.lid_of.get(number) != claim.lid:
        return
    if order.number in story.given | story.phoneless or number in story.model.moved:
        return
    consents = rows.consents.of_order(order.id)
    assert claim.message_id in {each.message_id for each in consents}, "consent lost"
    contact = rows.contacts.get(number)
    assert contact is not None
    assert contact.first_inbound_at, "not warm"


@pytest.mark.timeout(0 if FULL else 300)
@settings(
    max_examples=10_000 if FULL else examples(200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(stories)
def test_every_customer_is_one_whatever_comes_first(
    told: tuple[Owners, set[int], Steps],
) -> None:
    asyncio.run(_told(*told))
