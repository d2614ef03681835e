"""Witness of a queue at both ends, commits and sends to WhatsApp; records each broken promise."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from app.domain.attempt import Outcome, Rejected
from app.domain.identifiers import MessageId, NotificationId, SessionId
from app.domain.notification import TOLD, UNFINISHED, Notification, State, transition_allowed
from app.domain.stage_policy import is_later
from app.ports.store import Rows
from tests.harness.every_notification import in_state
from tests.simulators.memory_store import MemoryStore
from tests.simulators.scripted_messenger import ScriptedMessenger
from tests.simulators.sends_in_flight import Send

T = TypeVar("T")
Queue = Mapping[NotificationId, Notification]
WINDOW = 3
_LEVELS = (State.SENT, State.DELIVERED, State.READ)


@dataclass
class Handed:
    """One send; `outcome` is None until the answer, and stays so if the program died first."""

    row: Notification
    send: Send
    outcome: Outcome | None = None
    refused_late: bool = False

    @property
    def may_have_left(self) -> bool:
        return not isinstance(self.outcome, Rejected) and not self.refused_late


@dataclass
class Journal:
    """Record over all lives of one program; the test reads `broken`, because a worker outlives errors."""

    broken: list[str] = field(default_factory=list)
    handed: list[Handed] = field(default_factory=list)
    evidenced: set[MessageId] = field(default_factory=set)
    accepted: set[NotificationId] = field(default_factory=set)
    put_back: set[NotificationId] = field(default_factory=set)
    """Ended messages that a person woke; their place in the queue is the old one."""
    gone: set[NotificationId] = field(default_factory=set)
    """Messages that waited when their order was cancelled."""
    told_again: Counter[NotificationId] = field(default_factory=Counter)
    """How often a person said of a doubt that it had not arrived."""
    paused: bool = False
    aloft: list[Notification] = field(default_factory=list)
    """Handed over in the present life and not answered yet."""

    def committed(self, before: Queue, after: Queue, over: Callable[[Notification], bool]) -> None:
        self._demand(set(before) <= set(after), "a row vanished")
        for row in after.values():
            was = before.get(row.id)
            if was and was.state is not row.state:
                self._moved(was, row, over)

    def hand(self, row: Notification, send: Send) -> Handed:
        known = [each for each in self.handed if each.send.message_id == send.message_id]
        for each in known:
            same = (each.send.jid, each.send.text, each.send.session_id)
            self._demand(same == (send.jid, send.text, send.session_id), "one id, two messages")
        if not known and row.id not in self.put_back:
            self._demand(not any(self._out_of_turn(each, row) for each in self.handed), "out of turn")
        if row.occurrence == 1:
            self._demand(not any(_backwards(each, row) for each in self.handed), "a stage went backwards")
        handed = Handed(row, send)
        self.handed.append(handed)
        # WhatsApp's word that it has one is as good as its answer, and may be quicker.
        unproven = [each for each in self.aloft if each.message_id not in self.evidenced]
        self._demand(all(each.phone != row.phone for each in unproven), "two at once to one customer")
        beside = sum(each.session_id == row.session_id for each in self.aloft)
        self._demand(beside < WINDOW, "too many on their way")
        left = sum(each.may_have_left for each in [*known, handed])
        self._demand(left <= 1 + row.repeats, "sent once too often")
        self._demand(row.repeats <= 2 + self.told_again[row.id], "repeated once too often")
        return handed

    def demand_mark(self, row: Notification) -> None:
        """A message is marked on disk before it leaves."""
        self._demand(row.state is State.SENDING and row.on_wire_at is not None, "left without a mark")

    def _moved(self, was: Notification, row: Notification, over: Callable[[Notification], bool]) -> None:
        # A refusal that came back to an order that had ended is put back and given up in one commit (A5).
        given_up = was.state is State.SENDING and row.state is State.CANCELLED and over(row)
        known = given_up or transition_allowed(was.state, row.state)
        self._demand(known, f"{was.state} became {row.state}")
        if row.state is State.IN_DOUBT:
            self._demand(was.on_wire_at is not None, "a doubt about what never left")
        if was.state in TOLD:
            risen = row.state in TOLD and _LEVELS.index(row.state) > _LEVELS.index(was.state)
            self._demand(risen, "a level fell")
        if row.state is State.PENDING and was.state not in UNFINISHED:
            self.put_back.add(row.id)
            self.gone.discard(row.id)
        if row.state is State.CANCELLED and was.state is State.PENDING and over(row):
            self.gone.add(row.id)
        if row.state is State.SENDING:
            self._demand(not self.paused, "begun while paused")
            self._demand(row.message_id not in self.evidenced, "begun after evidence")
            self._demand(row.id not in self.gone, "begun for an order that is no more")

    def _out_of_turn(self, earlier: Handed, row: Notification) -> bool:
        """A doubt blocks no other order; a message once in doubt repeats when allowed."""
        before = earlier.row
        newer = before.phone == row.phone and before.seq > row.seq and before.id not in self.put_back
        return newer and (row.doubted_at is None or before.order_id == row.order_id)

    def _demand(self, kept: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
        if not kept:
            self.broken.append(promise)


def _backwards(earlier: Handed, row: Notification) -> bool:
    same_order = earlier.row.order_id == row.order_id
    return same_order and earlier.may_have_left and is_later(earlier.row.type, row.type)


class WitnessedStore(MemoryStore):
    """Shows each commit to the journal, as long as its life is the present one."""

    def __init__(self, journal: Journal, found: MemoryStore | None = None) -> None:
        super().__init__(found._tables.snapshot() if found else None)
        self.journal = journal

    async def transact(self, work: Callable[[Rows], T]) -> T:
        def watched(rows: Rows) -> tuple[Queue, T]:
            return _queue(rows), work(rows)

        before, result = await super().transact(watched)
        tables = self._tables

        def over(row: Notification) -> bool:
            return row.order_id is not None and tables.orders[row.order_id].status == "cancelled"

        self.journal.committed(before, tables.notifications, over)
        return result

    def row_of(self, message_id: MessageId) -> Notification:
        rows = self._tables.notifications.values()
        return next(row for row in rows if row.message_id == message_id)


def _queue(rows: Rows) -> Queue:
    return {row.id: row for state in State for row in in_state(rows, state)}


@dataclass
class WitnessedMessenger(ScriptedMessenger):
    """Shows each handing over, and how it was answered."""

    store: WitnessedStore = field(kw_only=True)
    stalled: bool = False
    handed: dict[MessageId, Handed] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.wire = asyncio.Event()
        """Gate to the wire; while cleared, messages stop in the sidecar."""
        if not self.stalled:
            self.wire.set()

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
        await self.wire.wait()
        outcome = await super().send_text(
            session_id, jid, text, message_id, not_after, noted=noted, expiration_s=expiration_s
        )
        if handed := self.handed.pop(message_id, None):
            handed.outcome = outcome
            journal = self.store.journal
            journal.aloft = [each for each in journal.aloft if each.id != handed.row.id]
        return outcome

    def hand(self, send: Send) -> None:
        super().hand(send)
        journal, row = self.store.journal, self.store.row_of(send.message_id)
        journal.demand_mark(row)
        self.handed[send.message_id] = journal.hand(row, send)
        journal.aloft.append(row)
