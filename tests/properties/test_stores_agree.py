"""Whatever is done to the queue, the store on disk and the one in memory tell the same."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lease import Lease
from app.domain.lid import Address, Lid
from app.domain.notification import State
from app.domain.phone import Phone, customer_forms
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows, Store
from tests.contracts.asked_store import MAIN, NOW, lease_due, owed
from tests.harness.every_notification import every_notification
from tests.harness.opened_store import open_training_store
from tests.simulators.memory_store import MemoryStore

seconds = st.integers(0, 5).map(lambda count: timedelta(seconds=count))


@dataclass(frozen=True)
class Add:
    """An order's number that comes again is refused by both."""

    order: int
    customer: int
    priority: int
    wait: timedelta
    session: SessionId
    turn: int = 0

    def __call__(self, rows: Rows) -> object:
        phone = _ADDRESSES[self.customer]
        due = NOW + self.wait
        made = owed(
            f"o{self.order}",
            phone=phone,
            priority=self.priority,
            scheduled_at=due,
            session_id=self.session,
            created_at=_moment(self.turn),
        )
        return rows.notifications.add(made)


@dataclass(frozen=True)
class Meet:
    """A customer is told something, or writes."""

    customer: int
    session: SessionId
    wrote: bool
    at: timedelta
    turn: int = 0

    def __call__(self, rows: Rows) -> object:
        phone, at = _ADDRESSES[self.customer], NOW + self.at
        rows.identities.keep(phone, _moment(self.turn))
        contact = rows.contacts.get(phone) or Contact(self.session)
        met = contact.with_inbound(self.session, at) if self.wrote else contact.with_sent(self.session, at)
        rows.contacts.save(phone, met)
        return contact


@dataclass(frozen=True)
class Take:
    at: timedelta
    length: timedelta
    limit: int
    session: SessionId
    cold: bool
    capped: frozenset[int]

    def __call__(self, rows: Rows) -> object:
        capped = frozenset(rows.identities.of(_ADDRESSES[each]) for each in self.capped)
        eligible = Eligibility(self.session, self.cold, capped)
        lease = Lease("1/a/b", NOW + self.at + self.length)
        return list(lease_due(rows, lease, NOW + self.at, self.limit, eligible))


@dataclass(frozen=True)
class Move:
    order: int
    state: State
    wait: timedelta

    def __call__(self, rows: Rows) -> object:
        kept = rows.notifications.get(owed(f"o{self.order}").id)
        if kept is not None:
            rows.notifications.save(
                replace(
                    kept, state=self.state, lease=None, scheduled_at=NOW + self.wait, sent_at=NOW + self.wait
                )
            )
        return kept


@dataclass(frozen=True)
class Connect:
    """WhatsApp gives a number and a LID to one account, now or in its history."""

    number: int
    lid: int
    live: bool
    turn: int = 0

    def __call__(self, rows: Rows) -> object:
        phone, lid = _NUMBERS[self.number], _LIDS[self.lid]
        return rows.identities.connect(phone, lid, _moment(self.turn), live=self.live)


@dataclass(frozen=True)
class Name:
    lid: int
    username: str
    turn: int = 0

    def __call__(self, rows: Rows) -> object:
        rows.identities.name(_LIDS[self.lid], self.username, _moment(self.turn))
        return None


@dataclass(frozen=True)
class Keep:
    customer: int
    turn: int = 0

    def __call__(self, rows: Rows) -> object:
        rows.identities.keep(_ADDRESSES[self.customer], _moment(self.turn))
        return None


Step = Add | Meet | Take | Move | Connect | Name | Keep

# Two people, each with both spellings of a number, and one with a number of one spelling.
_NUMBERS = (
    *customer_forms(Phone("+5573999900001")),
    *customer_forms(Phone("+5573999900002")),
    Phone("+351912345678"),
)
_LIDS = (Lid("1@lid"), Lid("2@lid"), Lid("3@lid"))
_ADDRESSES: tuple[Address, ...] = (*_NUMBERS, *_LIDS)


def _moment(turn: int) -> datetime:
    """Return the moment of a step; addresses are compared by the day on which they were seen last."""
    return NOW + turn * timedelta(hours=7)


orders = st.integers(0, 12)
customers = st.integers(0, len(_ADDRESSES) - 1)
lids = st.integers(0, len(_LIDS) - 1)
sessions = st.sampled_from([MAIN, SessionId("second")])
capped = st.frozensets(customers, max_size=2)
connections = st.builds(Connect, st.integers(0, len(_NUMBERS) - 1), lids, st.booleans())
steps = st.lists(
    st.one_of(
        st.builds(Add, orders, customers, st.integers(0, 1), seconds, sessions),
        st.builds(Meet, customers, sessions, st.booleans(), seconds),
        st.builds(Take, seconds, seconds, st.integers(0, 4), sessions, st.booleans(), capped),
        connections,
        connections,
        st.builds(Name, lids, st.sampled_from(["ana", "rui"])),
        st.builds(Keep, customers),
        st.builds(Move, orders, st.sampled_from(State), seconds),
    ),
    min_size=10,
    max_size=60,
)


def _figures(rows: Rows) -> object:
    queue = rows.notifications
    rows_of_both = sorted(every_notification(rows), key=lambda row: row.seq)
    never_left = sorted(queue.never_left(MAIN, 99), key=lambda row: row.seq)
    is_busy = queue.is_busy(MAIN, NOW + timedelta(seconds=2))
    moments = [queue.next_due_at(MAIN, NOW), queue.oldest_waiting_since()]
    return (
        rows_of_both,
        never_left,
        is_busy,
        moments,
        {key: {state: n for state, n in counted.items() if n} for key, counted in queue.counts().items()},
        list(queue.leased()),
        queue.sent_since(NOW + timedelta(seconds=2)),
        sorted((session, at) for session, _, at in queue.told_since(NOW + timedelta(seconds=2))),
        _told_customers(rows),
        _identities(rows),
        list(rows.contacts.strangers_told_since(MAIN, NOW + timedelta(seconds=2))),
        rows.contacts.first_told_at(MAIN),
    )


def _told_customers(rows: Rows) -> object:
    told = {customer for _, customer, _ in rows.notifications.told_since(NOW)}
    return [rows.identities.of(address) in told for address in _ADDRESSES]


def _identities(rows: Rows) -> object:
    """Return what both stores say of each address; their ids differ."""
    known, contacts = rows.identities, rows.contacts.get_all(_ADDRESSES)
    return (
        [[known.same(one, other) for other in _ADDRESSES] for one in _ADDRESSES],
        [known.knows(address) for address in _ADDRESSES],
        [known.lid_of(phone) for phone in _NUMBERS],
        [(known.phone_of(lid), known.username_of(lid)) for lid in _LIDS],
        [contacts.get(address) for address in _ADDRESSES],
        [sorted(row.seq for row in rows.notifications.unfinished_of([each])) for each in _ADDRESSES],
    )


def _in_turn(step: Step, turn: int) -> Step:
    return step if isinstance(step, Take | Move) else replace(step, turn=turn)


async def _told_by(store: Store, steps: list[Step]) -> list[object]:
    told = [await store.transact(_in_turn(step, turn)) for turn, step in enumerate(steps)]
    told.append(await store.read(_figures))
    await store.close()
    return told


@pytest.mark.slow
@pytest.mark.requirement("Q2", "K1")
@pytest.mark.timeout(240)
@settings(max_examples=30, deadline=None)
@given(steps)
def test_both_stores_tell_the_same(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        on_disk = asyncio.run(_told_by(open_training_store(Path(folder)), steps))
    assert on_disk == asyncio.run(_told_by(MemoryStore(), steps))
