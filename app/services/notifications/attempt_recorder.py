"""Transactional record of attempts: settles the ended ones, claims the next ones."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.attempt import AttemptEnd, InDoubt
from app.domain.contact import is_cold
from app.domain.identifiers import NotificationId, SessionId
from app.domain.lease import Lease
from app.domain.lid import Address
from app.domain.notification import UNREADABLE, Notification, State, Suppression
from app.domain.opt_out import OptOut
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from app.services.notifications import settlement
from app.services.notifications.contact_history import record_sent
from app.services.notifications.suppression import forbids_message, recheck
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot, save_provider_limits


@dataclass(frozen=True, slots=True)
class StartedAttempt:
    """A notification in flight; `cold` marks the first contact with its customer."""

    notification: Notification
    cold: bool
    sent_before: bool = False
    """Whether its contact has a first message recorded already: settlement need not look it up."""


@dataclass(frozen=True, slots=True)
class FinishedAttempt:
    """The end of an attempt and the rate limits learned from it, neither saved yet."""

    id: NotificationId
    end: AttemptEnd
    limits: ProviderLimitsSnapshot | None
    sent_before: bool = False
    """The same as of its `StartedAttempt`."""


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Request for up to `limit` messages.

    `prepared` are customers with a known account and Signal session: a message to them is written at once.
    """

    limit: int
    eligible: Eligibility
    lease: Lease
    prepared: Set[Address] = frozenset()
    unread: Set[Address] = frozenset()
    """Customers who have written what is not read yet: nothing leaves to them (X1)."""

    def eligible_in(self, rows: Rows) -> Eligibility:
        """Return the filter of due rows, without the customers who have any of the `unread` addresses."""
        held = frozenset(map(rows.identities.of, self.unread))
        return replace(self.eligible, capped_customers=self.eligible.capped_customers | held)


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """Attempts that started, and messages that were suppressed instead."""

    started: Sequence[StartedAttempt] = ()
    suppressed: Sequence[Notification] = ()


class AttemptRecorder:
    """Settles and claims rows atomically: each is read again in the transaction that changes it."""

    def __init__(self, owner: str, policy: Callable[[], QueuePolicy], session_id: SessionId) -> None:
        self._owner, self._policy, self._session_id = owner, policy, session_id

    def settle(self, rows: Rows, ended: Sequence[FinishedAttempt], at: datetime) -> list[Notification]:
        """Save the ends of attempts and return their rows, rechecked for suppression; missing rows are left out."""
        for limits in (each.limits for each in ended if each.limits):
            save_provider_limits(rows, self._session_id, limits)
        current = rows.notifications.get_all([each.id for each in ended])
        ends = [
            (row, settlement.finish_attempt(row, each.end, self._policy().retry, at), each)
            for each in ended
            if (row := current.get(each.id))
        ]
        sent = [
            (row, settled, each.sent_before) for row, settled, each in ends if settled.state is State.SENT
        ]
        rows.notifications.save_all([settled for row, settled, _ in sent if settled != row])
        first = (settled for row, settled, sent_before in sent if row.sent_at is None and not sent_before)
        record_sent(rows, *first)
        return [
            settled if settled.state is State.SENT else self._settle_unsent(rows, row, settled, each.end, at)
            for row, settled, each in ends
        ]

    def _settle_unsent(
        self, rows: Rows, current: Notification, settled: Notification, end: AttemptEnd, at: datetime
    ) -> Notification:
        """Save and return a row in another state than sent, rechecked: if it waits again, a rule may suppress it."""
        in_doubt = isinstance(end, InDoubt) and settled.state is State.IN_DOUBT
        if in_doubt or settled.has_stale_session:
            rows.numbers.suspect(settled.phone, settled.session_id)
        settled = recheck(rows, settled, at)
        if settled != current:
            rows.notifications.save(settled)
        return settled

    def claim(self, rows: Rows, request: ClaimRequest, at: datetime) -> ClaimResult:
        """Find due messages and start them in the same transaction; first contacts one at a time (X2)."""
        eligible, begun = request.eligible_in(rows), list[StartedAttempt]()
        while (room := request.limit - len(begun)) > 0:
            due = rows.notifications.find_due(request.lease, at, room, eligible)
            started = self.begin(rows, due, eligible, at, request.prepared)
            begun += started
            # First contacts that must wait may have taken the places of known customers; else the queue is exhausted.
            if not any(map(_is_first_contact, started)):
                break
            eligible = replace(eligible, cold=False)
        under_way = [each for each in begun if each.notification.state is State.SENDING]
        kept_back = [each.notification for each in begun if each.notification.state is not State.SENDING]
        return ClaimResult(under_way, kept_back)

    def begin(
        self,
        rows: Rows,
        due: Sequence[Notification],
        eligible: Eligibility,
        at: datetime,
        prepared: Set[Address] = frozenset(),
    ) -> list[StartedAttempt]:
        """Start and save due rows under our lease; a first contact that must wait stays unchanged."""
        phones = [row.phone for row in due]
        contacts, opt_outs = rows.contacts.get_all(phones), rows.opt_outs.all_in_force(phones)
        begun = list[StartedAttempt]()
        for row in due:
            contact = contacts.get(row.phone)
            cold = is_cold(contact, row.session_id)
            if _is_unreadable(row):
                begun.append(_fail_unreadable(row, at))
            elif self._is_ours(row, at) and eligible.admits(row.customer, cold=cold):
                started = self._start(row, at, opt_outs.get(row.phone), prepared)
                sent_before = contact is not None and contact.first_sent_at is not None
                begun.append(StartedAttempt(started, cold, sent_before))
                if _is_first_contact(begun[-1]):
                    eligible = replace(eligible, cold=False)
        rows.notifications.save_all([each.notification for each in begun])
        return begun

    def _is_ours(self, row: Notification, at: datetime) -> bool:
        """Whether it is pending under a valid lease of ours."""
        lease = row.lease if row.state is State.PENDING else None
        return lease is not None and lease.owner == self._owner and lease.until > at

    def _start(
        self, row: Notification, at: datetime, opt_out: OptOut | None, prepared: Set[Address]
    ) -> Notification:
        """Return the row in `sending` or suppressed."""
        if forbids_message(opt_out, row.id):
            return row.suppressed(Suppression.OPTED_OUT, at)
        if self._policy().is_stale(row, at):
            return row.suppressed(Suppression.STALE, at)
        return settlement.start_attempt(row, at, prepared=row.phone in prepared)


def _fail_unreadable(row: Notification, at: datetime) -> StartedAttempt:
    """Return the failed row of unreadable cells: a person tells the customer, and the queue goes on."""
    failed = replace(row, state=State.FAILED, reason=UNREADABLE, lease=None, changed_at=at)
    return StartedAttempt(failed, cold=False)


def _is_first_contact(started: StartedAttempt) -> bool:
    """Whether it sends the first message to its customer, rather than being suppressed."""
    return started.cold and started.notification.state is State.SENDING


def _is_unreadable(row: Notification) -> bool:
    """Whether a leased row lost its phone or text, or failed for another broken cell."""
    broken = row.state is State.FAILED and row.reason == UNREADABLE and row.lease is not None
    return broken or (row.is_erased and row.state is State.PENDING)
