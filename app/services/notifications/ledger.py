"""Writes down, inside one transaction, how attempts ended and which begin next."""

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
    """What may be begun: up to `most` messages.

    `prepared` are customers about whom nothing has to be asked before a message to them is written.
    """

    most: int
    eligible: Eligibility
    lease: Lease
    prepared: Set[Phone] = frozenset()


@dataclass(frozen=True, slots=True)
class Departed:
    """What is on its way, and what was kept back instead."""

    begun: Sequence[Begun] = ()
    kept_back: Sequence[Notification] = ()


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
        """Lease messages and begin each in the same transaction; of strangers one at a time (X2)."""
        eligible, begun = departure.eligible, list[Begun]()
        while (room := departure.most - len(begun)) > 0:
            admitted = eligible
            for row in rows.notifications.lease_due(departure.lease, at, room, eligible):
                if started := self.begin(rows, row, eligible, at, departure.prepared):
                    begun.append(started)
                    sending = started.notification.state is State.SENDING
                    eligible = replace(eligible, cold=eligible.cold and not (started.cold and sending))
            # Strangers who must wait may have taken the places of acquaintances; otherwise none is left.
            if eligible == admitted:
                break
        under_way = [each for each in begun if each.notification.state is State.SENDING]
        kept_back = [each.notification for each in begun if each.notification.state is not State.SENDING]
        return Departed(under_way, kept_back)

    def begin(
        self,
        rows: Rows,
        row: Notification,
        eligible: Eligibility,
        at: datetime,
        prepared: Set[Phone] = frozenset(),
    ) -> Begun | None:
        """Begin one leased row, or release it where a stranger must wait; None where it does not begin."""
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
        """The row in `sending`, or kept back; None where it is not pending under a lease of ours."""
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
