"""Sender failover: a connected number takes over the customers of a lost one, for good."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from app.domain.contact import Contact
from app.domain.errors import DatabaseBusyError
from app.domain.events import ConnectionChanged, Event, NotificationChanged, NotificationQueued
from app.domain.identifiers import SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.phone import Phone, customer_forms
from app.domain.rate_limit import Eligibility
from app.domain.session import ConnectionStatus
from app.ports.store import Rows, Store
from app.services.background_tasks import BackgroundTasks
from app.services.event_bus import EventBus
from app.services.notifications import sender_failover
from app.services.notifications.sender_assignment import SenderAssignment
from app.services.notifications.sender_failover import SenderFailover
from app.services.runtime.background_loops import BackgroundLoops
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, Asked, lease_due, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.seeded_entropy import SeededEntropy
from tests.unit.services.notifications.test_enqueue import queued

pytestmark = pytest.mark.requirement("Q9")

T = TypeVar("T")
SECOND = SessionId("second")


@dataclass
class _Numbers:
    """Which numbers there are, and how they are doing."""

    ids: tuple[SessionId, ...] = (MAIN, SECOND)
    connected: frozenset[SessionId] = frozenset({MAIN})
    out: frozenset[SessionId] = frozenset({SECOND})

    def is_connected(self, session_id: SessionId) -> bool:
        assert session_id in self.ids
        return session_id in self.connected

    def is_out(self, session_id: SessionId) -> bool:
        assert session_id in self.ids
        return session_id in self.out


class _CountedStore:
    """The store, each of whose next `busy` transactions finds it held by another program."""

    def __init__(self, store: Store) -> None:
        self._store, self.transactions, self.busy = store, 0, 0

    async def transact(self, work: Callable[[Rows], T]) -> T:
        self.transactions += 1
        if self.busy:
            self.busy -= 1
            raise DatabaseBusyError
        return await self._store.transact(work)

    async def read(self, work: Callable[[Rows], T]) -> T:
        return await self._store.read(work)


class Shop:
    """Both numbers, and what is told when a message of one that may be out is queued."""

    def __init__(self, *rows: Notification) -> None:
        self.asked, self.moved, self.woken = Asked(MemoryStore()), list[Event](), 0
        self.store = _CountedStore(self.asked.store)
        for row in rows:
            self.asked.add(row)
            self.asked.save(row)

    async def _look(self, numbers: _Numbers, event: Event, *, allowed: bool) -> None:
        """The numbers become as they are after the first look, and only the event tells that."""
        bus, tasks, clock = EventBus(), BackgroundTasks(), MovedClock()
        bus.subscribe(
            NotificationChanged, lambda each: self.moved.extend([each] if each is not event else [])
        )
        before = replace(numbers, connected=frozenset())
        failover = SenderFailover(self.store, bus, clock, before, self._wake, lambda: allowed)  # type: ignore[arg-type]
        failover.start()
        loops = BackgroundLoops(tasks, bus, clock, SeededEntropy())
        loops.add("take_over", failover.run)
        loops.start()
        await let_tasks_run()
        before.connected = numbers.connected
        bus.publish(event)
        await clock.advance(timedelta(seconds=5))
        await tasks.stop()

    def _wake(self) -> None:
        self.woken += 1

    def look(
        self, numbers: _Numbers | None = None, event: Event | None = None, *, allowed: bool = True
    ) -> "Shop":
        asyncio.run(self._look(numbers or _Numbers(), event or NotificationQueued(owed()), allowed=allowed))
        return self

    def meet(self, phone: Phone, contact: Contact) -> "Shop":
        self.asked.transact(lambda rows: rows.contacts.save(phone, contact))
        return self

    def contact(self, phone: Phone) -> Contact | None:
        return self.asked.read(lambda rows: rows.contacts.get(phone))

    def row(self, of: Notification) -> Notification | None:
        return self.asked.read(lambda rows: rows.notifications.get(of.id))


def theirs(order: str = "o1", phone: Phone = ANA, **changes: Any) -> Notification:
    return replace(owed(order), **{"phone": phone, "session_id": SECOND, "seq": 1, **changes})


def test_failover_moves_waiting_rows_to_the_connected_number_and_says_so() -> None:
    waiting = theirs()
    shop = Shop(waiting).meet(ANA, Contact(SECOND, first_sent_at=NOW)).look()
    taken = replace(waiting, session_id=MAIN)
    assert (shop.row(waiting), shop.moved, shop.woken) == (taken, [NotificationChanged(taken)], 1)
    assert shop.contact(ANA) == Contact(MAIN)
    assert shop.store.transactions == 1


@pytest.mark.requirement("Z2")
def test_take_over_is_done_a_moment_later_when_the_database_is_busy() -> None:
    waiting = theirs()
    shop = Shop(waiting)
    shop.store.busy = 2
    row = shop.look().row(waiting)
    assert (row and row.session_id, shop.woken, shop.store.transactions) == (MAIN, 1, 3)


@pytest.mark.parametrize(
    ("event", "looks"),
    [
        (ConnectionChanged(ConnectionStatus(MAIN)), 1),
        (NotificationChanged(theirs()), 1),
        (NotificationChanged(owed()), 0),
        (NotificationChanged(theirs(state=State.SENT)), 0),
    ],
    ids=["a lamp changed", "a row of theirs waits again", "one of the heir's", "one that was sent"],
)
def test_take_over_looks_when_something_may_wait_in_vain(event: Event, looks: int) -> None:
    assert Shop(theirs()).look(event=event).store.transactions == looks


def test_whom_nobody_knows_and_whom_the_heir_knows_are_the_heirs() -> None:
    known = Contact(MAIN, first_sent_at=NOW)
    shop = Shop(theirs(), theirs("o2", BIA, seq=2)).meet(BIA, known).look()
    assert (shop.contact(ANA), shop.contact(BIA)) == (Contact(MAIN), known)


@pytest.mark.parametrize(
    "row",
    [
        theirs(sending_at=NOW),
        theirs(lease=Lease("me", NOW + LATER)),
        theirs(state=State.IN_DOUBT),
        theirs(session_id=MAIN),
    ],
    ids=["may have left", "held by a worker", "in doubt", "the heir's own"],
)
def test_what_may_have_left_and_what_is_its_own_stays(row: Notification) -> None:
    shop = Shop(row).look()
    assert (shop.row(row), shop.moved, shop.woken) == (row, [], 0)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("session_id", [SECOND, MAIN])
def test_repeat_that_waits_for_a_number_that_is_out_holds_no_customer_back(session_id: SessionId) -> None:
    """The later message is the heir's, since now or since its customer wrote to the heir."""
    repeated = theirs(order_id=None, sending_at=NOW - LATER)
    later, other = theirs("o2", seq=2, session_id=session_id), theirs("o3", BIA, seq=3, sending_at=NOW)
    shop = Shop(repeated, later, other).look()
    doubted = shop.row(repeated)
    assert doubted is not None
    assert (doubted.state, doubted.reason, doubted.session_id) == (State.IN_DOUBT, "number_out", SECOND)
    assert doubted.given_up_at == doubted.doubted_at == doubted.changed_at is not None
    assert (shop.row(later), shop.row(other)) == (replace(later, session_id=MAIN), other)
    due = Lease("worker", NOW + 9 * LATER)
    leased = shop.asked.transact(lambda rows: lease_due(rows, due, NOW + LATER, 9, Eligibility(MAIN)))
    assert [row.id for row in leased] == [later.id]
    assert NotificationChanged(doubted) in shop.moved


@pytest.mark.parametrize(
    "numbers",
    [_Numbers(connected=frozenset()), _Numbers(out=frozenset())],
    ids=["nobody is connected", "nobody is out"],
)
def test_without_an_heir_or_without_need_nothing_is_looked_at(
    numbers: _Numbers, caplog: pytest.LogCaptureFixture
) -> None:
    row = theirs()
    shop = Shop(row).look(numbers)
    assert (shop.row(row), shop.store.transactions) == (row, 0)
    assert caplog.records == []


def test_failover_moves_what_a_removed_number_left_without_permission() -> None:
    waiting, gone = theirs(), _Numbers(ids=(MAIN,), out=frozenset())
    shop = Shop(waiting).meet(ANA, Contact(SECOND, first_sent_at=NOW)).look(gone, allowed=False)
    assert shop.row(waiting) == replace(waiting, session_id=MAIN)
    assert shop.contact(ANA) == Contact(MAIN)


def test_failover_leaves_a_known_number_that_is_out_without_permission() -> None:
    assert Shop(theirs()).look(allowed=False).row(theirs()) == theirs()


@pytest.mark.requirement("Q4")
def test_failover_doubts_what_a_removed_number_may_have_sent() -> None:
    repeated = theirs(order_id=None, sending_at=NOW - LATER)
    row = Shop(repeated).look(_Numbers(ids=(MAIN,), out=frozenset()), allowed=False).row(repeated)
    assert row is not None
    assert (row.state, row.reason, row.session_id) == (State.IN_DOUBT, "number_out", SECOND)


class _Shares:
    """A vault whose blind index of a phone is what the test says."""

    def __init__(self, share: bytes) -> None:
        self.share, self.asked = share, list[tuple[str, str]]()

    def blind_index(self, purpose: str, value: str) -> bytes:
        self.asked.append((purpose, value))
        return self.share


def assigned(
    share: bytes = bytes(16),
    contact: Contact | None = None,
    is_out: Callable[[SessionId], bool] = lambda _: False,
) -> tuple[SessionId, Contact | None, list[tuple[str, str]]]:
    shop, vault = Shop(), _Shares(share)
    if contact:
        shop.meet(ANA, contact)
    senders = SenderAssignment(vault, [SECOND, MAIN], is_out)  # type: ignore[arg-type]
    row = shop.asked.transact(lambda rows: senders.assign(rows, queued()))
    assert row == queued(session_id=row.session_id)
    return row.session_id, shop.contact(ANA), vault.asked


def test_assignment_of_a_new_customer_follows_the_first_eight_id_bytes() -> None:
    for share, session_id in (
        (b"\0" * 16, MAIN),
        (b"\0" * 7 + b"\1" + b"\0" * 8, SECOND),
        (b"\0" * 8 + b"\1" * 8, MAIN),
    ):
        chosen = assigned(share)
        assert chosen == (session_id, Contact(session_id), [("phone", customer_forms(ANA)[0].number)])


def test_a_customer_keeps_the_number_they_have_as_long_as_it_is_the_shops() -> None:
    theirs = Contact(SECOND, first_sent_at=NOW)
    assert assigned(contact=theirs, is_out=lambda _: True) == (SECOND, theirs, [])
    assert assigned(contact=Contact(SessionId("gone"), first_sent_at=NOW))[:2] == (MAIN, Contact(MAIN))


def test_assignment_gives_new_customers_to_working_numbers_or_the_first() -> None:
    odd = b"\0" * 7 + b"\1" + b"\0" * 8
    assert assigned(odd, is_out=lambda each: each == SECOND)[0] == MAIN
    for share in (bytes(16), odd):
        assert assigned(share, is_out=lambda _: True)[0] == SECOND


@pytest.mark.parametrize(
    "other",
    [theirs("o0", state=State.PENDING, session_id=MAIN), theirs("o2", seq=3)],
    ids=["the other's is earlier", "the other waits for the same number"],
)
def test_repeat_stays_when_no_later_message_could_be_sent(other: Notification) -> None:
    repeated = theirs(sending_at=NOW - LATER, seq=2)
    shop = Shop(other, repeated).look(_Numbers(ids=(MAIN, SECOND)))
    assert shop.row(repeated) == repeated


@pytest.mark.requirement("Z4")
def test_take_over_goes_in_batches_when_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender_failover, "_BATCH", 3)
    fresh = [owed(f"o{n}", session_id=SECOND, phone=Phone(f"+557399990000{n}")) for n in range(7)]
    repeated = [
        owed(f"r{n}", session_id=SECOND, phone=Phone(f"+557399991000{n}"), sending_at=NOW) for n in range(5)
    ]
    behind = owed("behind", phone=repeated[4].phone)
    shop = Shop(*fresh, *repeated, behind).look()
    assert {row and row.session_id for row in map(shop.row, fresh)} == {MAIN}
    states = [row and row.state for row in map(shop.row, repeated)]
    assert states == [*[State.PENDING] * 4, State.IN_DOUBT]
    assert shop.store.transactions == 4
