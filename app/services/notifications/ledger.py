"""Writes down, inside one transaction, how attempts ended and which begin next."""

from collections import deque
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.attempt import AttemptEnd, InDoubt
from app.domain.contact import is_cold
from app.domain.identifiers import NotificationId, SessionId
from app.domain.lease import Lease
from app.domain.notification import UNREADABLE, Notification, State, Suppression
from app.domain.pacing import Eligibility
from app.domain.phone import Phone
from app.ports.store import Rows
from app.services.notifications import settlement
from app.services.notifications.acquaintance import note_told
from app.services.notifications.forgone import forgone
from app.services.notifications.overtaking import given_way
from app.services.notifications.queue_policy import QueuePolicy
from app.services.notifications.restraint import Restraint, keep_restraint
from app.services.notifications.withholding import kept_back


@dataclass(frozen=True, slots=True)
class Begun:
    """A notification on its way; `cold` where it is the first word to its customer."""

    notification: Notification
    cold: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """How an attempt ended and what that taught the pace, both still to be written down."""

    id: NotificationId
    end: AttemptEnd
    restraint: Restraint | None


@dataclass(frozen=True, slots=True)
class Departure:
    """What may be begun: `waiting` are leased already, up to `batch_size` are leased where they do not suffice.

    `prepared` are customers about whom nothing has to be asked before a message to them is written.
    """

    waiting: Sequence[Notification]
    most: int
    batch_size: int
    eligible: Eligibility
    lease: Lease
    give_back: bool = False
    prepared: Set[Phone] = frozenset()


@dataclass(frozen=True, slots=True)
class Departed:
    """What is on its way, what was kept back instead, and what is leased and waits for an end."""

    begun: Sequence[Begun] = ()
    kept_back: Sequence[Notification] = ()
    waiting: Sequence[Notification] = ()


class Ledger:
    """Everything is looked at again in the transaction that changes it."""

    def __init__(self, owner: str, policy: QueuePolicy, session_id: SessionId) -> None:
        self._owner, self._policy, self._session_id = owner, policy, session_id

    def settle(self, rows: Rows, ended: Ended, at: datetime) -> Notification | None:
        if ended.restraint:
            keep_restraint(rows, self._session_id, ended.restraint)
        current = rows.notifications.get(ended.id)
        if current is None:
            return None
        settled = settlement.settled(current, ended.end, self._policy.retry, at)
        in_doubt = isinstance(ended.end, InDoubt) and settled.state is State.IN_DOUBT
        if in_doubt or settled.distrusted:
            rows.numbers.suspect(settled.phone, settled.session_id)
        if settled.sent_at and current.sent_at is None:
            note_told(rows, settled)
        settled = forgone(rows, given_way(rows, kept_back(rows, settled, at), at), at)
        if settled != current:
            rows.notifications.save(settled)
        return settled

    def depart(self, rows: Rows, departure: Departure, at: datetime) -> Departed:
        """Begin as much as may be on its way, each looked at anew; of strangers one at a time (X2)."""
        if departure.give_back:
            self._give_back(rows, departure.waiting)
            return Departed()
        waiting, eligible, begun = deque(departure.waiting), departure.eligible, list[Begun]()
        earlier = len(waiting)
        while len(begun) < departure.most:
            if not waiting:
                waiting.extend(
                    rows.notifications.lease_due(departure.lease, at, departure.batch_size, eligible)
                )
            if not waiting:
                break
            row: Notification | None = waiting.popleft()
            if row and earlier:
                # Leased in an earlier transaction; it may have changed since.
                earlier, row = earlier - 1, rows.notifications.get(row.id)
            if row and (started := self.begin(rows, row, eligible, at, departure.prepared)):
                begun.append(started)
                sending = started.notification.state is State.SENDING
                eligible = replace(eligible, cold=eligible.cold and not (started.cold and sending))
        under_way = [each for each in begun if each.notification.state is State.SENDING]
        kept_back = [each.notification for each in begun if each.notification.state is not State.SENDING]
        return Departed(under_way, kept_back, tuple(waiting))

    def _give_back(self, rows: Rows, leased: Sequence[Notification]) -> None:
        for notification in leased:
            current = rows.notifications.get(notification.id)
            if current and current.state is State.PENDING:
                rows.notifications.save(replace(current, lease=None))

    def begin(
        self,
        rows: Rows,
        row: Notification,
        eligible: Eligibility,
        at: datetime,
        prepared: Set[Phone] = frozenset(),
    ) -> Begun | None:
        """What was leased together may have been held back by how an earlier one of it ended."""
        if _is_unreadable(row):
            return self._given_up(rows, row, at)
        cold = is_cold(rows.contacts.get(row.phone), row.session_id)
        if eligible.admits(row.phone, cold=cold):
            started = self._begin_row(rows, row, at, prepared=row.phone in prepared)
            return Begun(started, cold) if started else None
        if row.state is State.PENDING:
            rows.notifications.save(replace(row, lease=None))
        return None

    def _given_up(self, rows: Rows, row: Notification, at: datetime) -> Begun:
        """What its row said cannot be read any more: a person has to tell the customer, and the queue goes on."""
        failed = replace(row, state=State.FAILED, reason=UNREADABLE, lease=None, changed_at=at)
        rows.notifications.save(failed)
        return Begun(failed, cold=False)

    def _begin_row(
        self, rows: Rows, current: Notification, at: datetime, *, prepared: bool
    ) -> Notification | None:
        """The row may have been cancelled, its lease lost, or its customer gone, since it was leased."""
        if current.state is not State.PENDING:
            return None
        if current.lease is None or current.lease.owner != self._owner or current.lease.until <= at:
            return None
        kept = kept_back(rows, current, at)
        if kept is current and self._policy.is_old_news(current, at):
            kept = current.suppressed(Suppression.STALE, at)
        started = kept if kept is not current else settlement.begun(current, at, prepared=prepared)
        rows.notifications.save(started)
        return started


def _is_unreadable(row: Notification) -> bool:
    """Whether a leased row lost its phone or text, or was read as failed because another of its cells is broken."""
    broken = row.state is State.FAILED and row.reason == UNREADABLE and row.lease is not None
    return broken or (row.emptied and row.state is State.PENDING)
