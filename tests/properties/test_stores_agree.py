"""Whatever is done to the queue, the store on disk and the one in memory tell the same."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lease import Lease
from app.domain.notification import State
from app.domain.phone import Phone
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

    def __call__(self, rows: Rows) -> object:
        phone = _customer(self.customer)
        due = NOW + self.wait
        made = owed(
            f"o{self.order}",
            phone=phone,
            priority=self.priority,
            scheduled_at=due,
            session_id=self.session,
        )
        return rows.notifications.add(made)


@dataclass(frozen=True)
class Meet:
    """A customer is told something, or writes."""

    customer: int
    session: SessionId
    wrote: bool
    at: timedelta

    def __call__(self, rows: Rows) -> object:
        phone, at = _customer(self.customer), NOW + self.at
        contact = rows.contacts.get(phone) or Contact(self.session)
        met = contact.with_inbound(self.session, at) if self.wrote else contact.with_sent(self.session, at)
        rows.contacts.save(phone, met)
        return contact


@dataclass(frozen=True)
class Take:
    at: timedelta
    length: timedelta
    limit: int
    eligible: Eligibility

    def __call__(self, rows: Rows) -> object:
        lease = Lease("1/a/b", NOW + self.at + self.length)
        return list(lease_due(rows, lease, NOW + self.at, self.limit, self.eligible))


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


def _customer(number: int) -> Phone:
    return Phone(f"+557399990000{number}")


orders = st.integers(0, 12)
customers = st.integers(0, 3)
sessions = st.sampled_from([MAIN, SessionId("second")])
eligible = st.builds(
    Eligibility, sessions, st.booleans(), st.frozensets(customers.map(_customer), max_size=2)
)
steps = st.lists(
    st.one_of(
        st.builds(Add, orders, customers, st.integers(0, 1), seconds, sessions),
        st.builds(Meet, customers, sessions, st.booleans(), seconds),
        st.builds(Take, seconds, seconds, st.integers(0, 4), eligible),
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
        sorted(queue.told_since(NOW + timedelta(seconds=2)), key=repr),
        list(rows.contacts.strangers_told_since(MAIN, NOW + timedelta(seconds=2))),
        rows.contacts.first_told_at(MAIN),
    )


async def _told_by(store: Store, steps: list[Add | Meet | Take | Move]) -> list[object]:
    told = [await store.transact(step) for step in steps]
    told.append(await store.read(_figures))
    await store.close()
    return told


@pytest.mark.slow
@pytest.mark.requirement("Q2")
@settings(max_examples=30, deadline=None)
@given(steps)
def test_both_stores_tell_the_same(steps: list[Add | Meet | Take | Move]) -> None:
    with TemporaryDirectory() as folder:
        on_disk = asyncio.run(_told_by(open_training_store(Path(folder)), steps))
    assert on_disk == asyncio.run(_told_by(MemoryStore(), steps))
