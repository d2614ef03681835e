"""The Store of tests that need no disk: the promises of `tests/contracts/store_contract.py`, kept with dictionaries."""

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from app.domain.contact import is_cold
from app.domain.errors import ContractViolationError, UnknownNotificationError
from app.domain.identifiers import IdentityId, MessageId, NotificationId, OrderId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.notification import UNFINISHED, Notification, State
from app.domain.phone import NO_PHONE
from app.domain.queue_block import block_of
from app.domain.rate_limit import Eligibility
from app.domain.untold import UntoldMessage, may_leave_untold
from app.ports.store import Rows
from tests.simulators.memory_aging import MemoryAgingRows
from tests.simulators.memory_audit import MemoryAuditRows
from tests.simulators.memory_chat_timers import MemoryChatTimerRows
from tests.simulators.memory_consents import MemoryConsentRows
from tests.simulators.memory_contacts import MemoryContactRows
from tests.simulators.memory_histories import MemoryHistoryRows
from tests.simulators.memory_identities import MemoryIdentityRows
from tests.simulators.memory_numbers import MemoryNumberRows
from tests.simulators.memory_opt_outs import MemoryOptOutRows
from tests.simulators.memory_orders import MemoryOrderRows
from tests.simulators.memory_replies import MemoryReplyRows
from tests.simulators.memory_retention import MemoryRetentionRows
from tests.simulators.memory_sessions import MemorySessionRows
from tests.simulators.memory_settings import MemorySealingRows, MemorySettingRows, MemoryTemplateRows
from tests.simulators.memory_stamps import MemoryStampRows
from tests.simulators.memory_tables import Tables

T = TypeVar("T")

_NEVER_CHANGE = (
    "id",
    "order_id",
    "type",
    "occurrence",
    "phone",
    "text",
    "message_id",
    "created_at",
    "seq",
    "customer",
)


class MemoryNotificationRows:
    def __init__(self, tables: Tables, identities: MemoryIdentityRows, contacts: MemoryContactRows) -> None:
        self._rows, self._identities, self._contacts = tables.notifications, identities, contacts

    def add(self, notification: Notification) -> Notification | None:
        for row in self._rows.values():
            if notification.order_id is not None and _key(row) == _key(notification):
                return None
            if row.id == notification.id or row.message_id == notification.message_id:
                raise ContractViolationError("an id was given twice")
        queued = replace(
            self._placed(notification), seq=1 + max((row.seq for row in self._rows.values()), default=0)
        )
        self._rows[queued.id] = queued
        return queued

    def _placed(self, row: Notification) -> Notification:
        """Return the row with its customer; the address becomes known."""
        customer = None if row.phone == NO_PHONE else self._identities.keep(row.phone, row.created_at)
        return replace(row, customer=customer)

    def get(self, notification_id: NotificationId) -> Notification | None:
        return self._rows.get(notification_id)

    def get_all(self, ids: Sequence[NotificationId]) -> Mapping[NotificationId, Notification]:
        return {each: self._rows[each] for each in ids if each in self._rows}

    def by_message_id(self, message_id: MessageId) -> Notification | None:
        return next((row for row in self._rows.values() if row.message_id == message_id), None)

    def of_order(self, order_id: OrderId) -> Sequence[Notification]:
        return [row for row in self._rows.values() if row.order_id == order_id]

    def of_orders(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        return [row for row in self._rows.values() if row.order_id in order_ids]

    def untold(self, order_ids: Sequence[OrderId]) -> Sequence[UntoldMessage]:
        theirs = (row for row in self._rows.values() if row.order_id in order_ids)
        latest = {(row.order_id, row.type): row for row in sorted(theirs, key=lambda row: row.occurrence)}
        return [
            UntoldMessage(row.order_id, row.type, row.state, row.reason)
            for row in latest.values()
            if row.order_id and may_leave_untold(row)
        ]

    def unfinished_of(self, customers: Sequence[Address]) -> Sequence[Notification]:
        identities = {self._identities.of(customer) for customer in customers}
        return [row for row in self._rows.values() if row.customer in identities and row.state in UNFINISHED]

    def never_left(self, session_id: SessionId, limit: int) -> Sequence[Notification]:
        return [row for row in self._free_of(session_id) if row.sending_at is None][:limit]

    def left_before(self, session_id: SessionId, limit: int, after: int = 0) -> Sequence[Notification]:
        return [row for row in self._free_of(session_id) if row.sending_at and row.seq > after][:limit]

    def _free_of(self, session_id: SessionId) -> list[Notification]:
        theirs = (row for row in self._rows.values() if row.session_id == session_id)
        return [row for row in theirs if row.state is State.PENDING and row.lease is None]

    def mark_on_wire(self, message_id: MessageId, at: datetime) -> bool:
        row = self.by_message_id(message_id)
        if row is None or row.state is not State.SENDING:
            return False
        self._rows[row.id] = replace(row, on_wire_at=at)
        return True

    def save(self, notification: Notification) -> None:
        kept = self._rows.get(notification.id)
        if kept is None:
            raise UnknownNotificationError
        changed = replace(notification, **{name: getattr(kept, name) for name in _NEVER_CHANGE})
        revived = changed.state is State.PENDING and kept.state is not State.PENDING
        self._rows[kept.id] = self._placed(changed) if revived else changed

    def save_all(self, notifications: Sequence[Notification]) -> None:
        for notification in notifications:
            self.save(notification)

    def rewrite(self, notification: Notification) -> None:
        if notification.sending_at is not None:
            raise ContractViolationError("what may have left cannot be rewritten")
        self.save(notification)
        kept = self._rows[notification.id]
        self._rows[kept.id] = self._placed(replace(kept, text=notification.text, phone=notification.phone))

    def find_due(
        self, lease: Lease, now: datetime, limit: int, eligible: Eligibility
    ) -> Sequence[Notification]:
        return [replace(row, lease=lease) for row in self._due(now, eligible)[:limit]]

    def is_due(self, now: datetime, eligible: Eligibility) -> bool:
        return bool(self._due(now, eligible))

    def _due(self, now: datetime, eligible: Eligibility) -> list[Notification]:
        due = [row for row in self._rows.values() if _free(row, now) and row.scheduled_at <= now]
        due = [row for row in due if block_of(row, self._rows.values()) is None]
        due = [row for row in due if row.session_id == eligible.session_id and self._admitted(row, eligible)]
        return sorted(due, key=lambda row: (-row.priority, row.scheduled_at, row.seq))

    def _admitted(self, row: Notification, eligible: Eligibility) -> bool:
        return eligible.admits(row.customer, cold=is_cold(self._contacts.get(row.phone), row.session_id))

    def leased(self) -> Sequence[Notification]:
        states = (State.PENDING, State.SENDING)
        return [row for row in self._rows.values() if row.lease is not None and row.state in states]

    def next_due_at(self, session_id: SessionId, after: datetime) -> datetime | None:
        theirs = (row for row in self._rows.values() if row.session_id == session_id)
        free = (row.scheduled_at for row in theirs if _free(row, after))
        return min((moment for moment in free if moment > after), default=None)

    def is_busy(self, session_id: SessionId, until: datetime) -> bool:
        theirs = [row for row in self._rows.values() if row.session_id == session_id]
        begun = any(row.state in (State.SENDING, State.IN_DOUBT) for row in theirs)
        return begun or any(row.state is State.PENDING and row.scheduled_at <= until for row in theirs)

    def counts(self) -> Mapping[SessionId, Mapping[State, int]]:
        sessions = {row.session_id for row in self._rows.values()}
        return {
            session: Counter(row.state for row in self._rows.values() if row.session_id == session)
            for session in sessions
        }

    def oldest_waiting_since(self) -> datetime | None:
        waiting = (State.PENDING, State.SENDING)
        return min((row.created_at for row in self._rows.values() if row.state in waiting), default=None)

    def sent_since(self, moment: datetime) -> int:
        return len(self._sent(moment))

    def told_since(self, moment: datetime) -> Sequence[tuple[SessionId, IdentityId | None, datetime]]:
        sent = [
            (row.session_id, row.customer, row.sending_at) for row in self._sent(moment) if row.sending_at
        ]
        return sorted(sent, key=lambda each: each[2])

    def delivered_since(self, moment: datetime, session_id: SessionId | None = None) -> int:
        return sum(bool(r.delivered_at) and session_id in (None, r.session_id) for r in self._sent(moment))

    def unreadable(self) -> Sequence[int]:
        return []

    def end_unreadable(self, places: Sequence[int], at: datetime) -> Sequence[Notification]:
        _ = places, at
        return []

    def _sent(self, moment: datetime) -> list[Notification]:
        sent = (row for row in self._rows.values() if row.sent_at is not None)
        return [row for row in sent if row.sending_at is not None and row.sending_at >= moment]


class MemoryRows:
    def __init__(self, tables: Tables) -> None:
        self.identities = MemoryIdentityRows(tables)
        self.contacts = MemoryContactRows(tables, self.identities)
        self.notifications = MemoryNotificationRows(tables, self.identities, self.contacts)
        self.aging = MemoryAgingRows(tables)
        self.orders = MemoryOrderRows(tables.orders, tables.order_customers, self.identities)
        self.templates = MemoryTemplateRows(tables)
        self.sessions = MemorySessionRows(tables)
        self.histories = MemoryHistoryRows(tables.histories)
        self.numbers = MemoryNumberRows(tables)
        self.chat_timers = MemoryChatTimerRows(tables, self.identities)
        self.audit = MemoryAuditRows(tables)
        self.settings = MemorySettingRows(tables)
        self.opt_outs = MemoryOptOutRows(tables.opt_outs, tables.heard_words, self.identities)
        self.replies = MemoryReplyRows(tables, self.identities)
        self.consents = MemoryConsentRows(tables.consents, self.identities)
        self.retention = MemoryRetentionRows(tables)
        self.sealing = MemorySealingRows()
        self.timestamps = MemoryStampRows(tables)


class MemoryStore:
    """Gives other tasks a turn before each unit of work, as the real one does."""

    def __init__(self, tables: Tables | None = None) -> None:
        self._tables = tables or Tables()

    def copy(self) -> "MemoryStore":
        """What would be found on disk if the process died now."""
        return MemoryStore(self._tables.snapshot())

    async def transact(self, work: Callable[[Rows], T]) -> T:
        await _Turn()
        after = self._tables.snapshot()
        result = work(MemoryRows(after))
        self._tables = after
        return result

    async def read(self, work: Callable[[Rows], T]) -> T:
        await _Turn()
        seen = self._tables.snapshot()
        result = work(MemoryRows(seen))
        if seen != self._tables:
            raise ContractViolationError("a reader wrote")
        return result

    async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
        return await self.read(work)

    def on_unreadable(self, listener: Callable[[str], None]) -> None:
        """What is in memory always reads."""

    async def check(self) -> None:
        await _Turn()

    shed_log = close = check


class _Turn:
    def __await__(self) -> Generator[None, None, None]:
        yield


def _key(row: Notification) -> tuple[OrderId | None, str, int]:
    return row.order_id, row.type, row.occurrence


def _free(row: Notification, now: datetime) -> bool:
    return row.state is State.PENDING and (row.lease is None or row.lease.until <= now)
