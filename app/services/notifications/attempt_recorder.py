"""Transactional record of attempts: settles the ended ones, claims the next ones."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.attempt import AttemptEnd, InDoubt
from app.domain.contact import is_cold
from app.domain.identifiers import NotificationId, SessionId
from app.domain.lease import Lease
from app.domain.notification import UNREADABLE, Notification, State, Suppression
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from app.services.notifications import settlement
from app.services.notifications.contact_history import record_sent
from app.services.notifications.suppression import recheck, suppress_if_opted_out
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot, save_provider_limits


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """A notification in flight; `cold` marks the first contact with its customer."""

    notification: Notification
    cold: bool


@dataclass(frozen=True, slots=True)
class FinishedAttempt:
    """The end of an attempt and the rate limits learned from it, neither saved yet."""

    id: NotificationId
    end: AttemptEnd
    limits: ProviderLimitsSnapshot | None


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Request for up to `limit` messages.

    `prepared` are customers with a known account and Signal session: a message to them is written at once.
    """

    limit: int
    eligible: Eligibility
    lease: Lease
    prepared: Set[Phone] = frozenset()


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """Attempts that started, and messages that were suppressed instead."""

    started: Sequence[StartedAttempt] = ()
    suppressed: Sequence[Notification] = ()


class AttemptRecorder:
    """Settles and claims rows atomically: each is read again in the transaction that changes it."""

    def __init__(self, owner: str, policy: QueuePolicy, session_id: SessionId) -> None:
        self._owner, self._policy, self._session_id = owner, policy, session_id

    def settle(self, rows: Rows, ended: FinishedAttempt, at: datetime) -> Notification | None:
        """Save the end of an attempt and return its row, rechecked for suppression; None if the row is gone."""
        if ended.limits:
            save_provider_limits(rows, self._session_id, ended.limits)
        current = rows.notifications.get(ended.id)
        if current is None:
            return None
        settled = settlement.finish_attempt(current, ended.end, self._policy.retry, at)
        in_doubt = isinstance(ended.end, InDoubt) and settled.state is State.IN_DOUBT
        if in_doubt or settled.has_stale_session:
            rows.numbers.suspect(settled.phone, settled.session_id)
        if settled.sent_at and current.sent_at is None:
            record_sent(rows, settled)
        settled = recheck(rows, settled, at)
        if settled != current:
            rows.notifications.save(settled)
        return settled

    def claim(self, rows: Rows, departure: ClaimRequest, at: datetime) -> ClaimResult:
        """Lease due messages and start each in the same transaction; first contacts one at a time (X2)."""
        eligible, begun = departure.eligible, list[StartedAttempt]()
        while (room := departure.limit - len(begun)) > 0:
            admitted = eligible
            for row in rows.notifications.lease_due(departure.lease, at, room, eligible):
                if started := self.begin(rows, row, eligible, at, departure.prepared):
                    begun.append(started)
                    sending = started.notification.state is State.SENDING
                    eligible = replace(eligible, cold=eligible.cold and not (started.cold and sending))
            # First contacts that must wait may have taken the places of known customers; else the queue is exhausted.
            if eligible == admitted:
                break
        under_way = [each for each in begun if each.notification.state is State.SENDING]
        kept_back = [each.notification for each in begun if each.notification.state is not State.SENDING]
        return ClaimResult(under_way, kept_back)

    def begin(
        self,
        rows: Rows,
        row: Notification,
        eligible: Eligibility,
        at: datetime,
        prepared: Set[Phone] = frozenset(),
    ) -> StartedAttempt | None:
        """Start one leased row, or release it if a first contact must wait; return None if it does not start."""
        if _is_unreadable(row):
            return self._fail_unreadable(rows, row, at)
        cold = is_cold(rows.contacts.get(row.phone), row.session_id)
        if eligible.admits(row.phone, cold=cold):
            started = self._start(rows, row, at, prepared=row.phone in prepared)
            return StartedAttempt(started, cold) if started else None
        if row.state is State.PENDING:
            rows.notifications.save(replace(row, lease=None))
        return None

    def _fail_unreadable(self, rows: Rows, row: Notification, at: datetime) -> StartedAttempt:
        """Fail a row with unreadable cells: a person tells the customer, and the queue goes on."""
        failed = replace(row, state=State.FAILED, reason=UNREADABLE, lease=None, changed_at=at)
        rows.notifications.save(failed)
        return StartedAttempt(failed, cold=False)

    def _start(
        self, rows: Rows, current: Notification, at: datetime, *, prepared: bool
    ) -> Notification | None:
        """Return the row in `sending` or suppressed; None if it is not pending under a valid lease of ours."""
        if current.state is not State.PENDING:
            return None
        if current.lease is None or current.lease.owner != self._owner or current.lease.until <= at:
            return None
        kept = suppress_if_opted_out(rows, current, at)
        if kept is current and self._policy.is_stale(current, at):
            kept = current.suppressed(Suppression.STALE, at)
        started = kept if kept is not current else settlement.start_attempt(current, at, prepared=prepared)
        rows.notifications.save(started)
        return started


def _is_unreadable(row: Notification) -> bool:
    """Whether a leased row lost its phone or text, or failed for another broken cell."""
    broken = row.state is State.FAILED and row.reason == UNREADABLE and row.lease is not None
    return broken or (row.is_erased and row.state is State.PENDING)
