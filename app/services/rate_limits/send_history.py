"""Sliding windows of a session's sends: last minute, customer's last hour, first contacts of the last day."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.identifiers import IdentityId, SessionId
from app.domain.rate_limit import DAY, HOUR, MINUTE
from app.ports.store import Rows


@dataclass
class SendHistory:
    """Send times: customers and last minute on the clock that stops in sleep, the others on the one that does not."""

    customers: dict[IdentityId | None, deque[timedelta]] = field(default_factory=dict)
    strangers: deque[timedelta] = field(default_factory=deque)
    minute: deque[timedelta] = field(default_factory=deque)
    began: timedelta | None = None
    _oldest: timedelta = timedelta.min
    """Lower bound of the customers' send times."""

    def record(
        self, customer: IdentityId | None, *, cold: bool, waking: timedelta, elapsed: timedelta
    ) -> None:
        self.customers.setdefault(customer, deque()).append(waking)
        self.minute.append(waking)
        if self.began is None:
            self.began = elapsed
        if cold:
            self.strangers.append(elapsed)

    def forget(self, waking: timedelta, elapsed: timedelta) -> None:
        """Drop the sends that have left their window."""
        while self.strangers and self.strangers[0] <= elapsed - DAY:
            self.strangers.popleft()
        while self.minute and self.minute[0] <= waking - MINUTE:
            self.minute.popleft()
        if self._oldest > waking - HOUR:
            return
        for customer, moments in tuple(self.customers.items()):
            while moments and moments[0] <= waking - HOUR:
                moments.popleft()
            if not moments:
                del self.customers[customer]
        self._oldest = min((moments[0] for moments in self.customers.values()), default=waking)


@dataclass(frozen=True, slots=True)
class SendAges:
    """Ages of a session's sends, read from the database; never negative."""

    customers: tuple[tuple[IdentityId | None, timedelta], ...] = ()
    strangers: tuple[timedelta, ...] = ()
    first: timedelta | None = None

    @property
    def last(self) -> timedelta | None:
        return min((age for _, age in self.customers), default=None)


def stored_ages(rows: Rows, session_id: SessionId, now: datetime) -> SendAges:
    """Return the ages within the last hour and day.

    If the clock was set back since, the last send counts as just now.
    """
    sends = [each for each in rows.notifications.told_since(now - HOUR) if each[0] == session_id]
    strangers = rows.contacts.strangers_told_since(session_id, now - DAY)
    first = rows.contacts.first_told_at(session_id)
    latest = max((now, *(at for *_, at in sends), *strangers))
    return SendAges(
        customers=tuple((customer, latest - at) for _, customer, at in sends if latest - at < HOUR),
        strangers=tuple(sorted((latest - at for at in strangers if latest - at < DAY), reverse=True)),
        first=max(latest - first, timedelta(0)) if first else None,
    )


def restore_history(ages: SendAges, waking: timedelta, elapsed: timedelta) -> SendHistory:
    history = SendHistory(began=None if ages.first is None else elapsed - ages.first)
    for customer, age in sorted(ages.customers, key=lambda each: each[1], reverse=True):
        history.customers.setdefault(customer, deque()).append(waking - age)
        if age < MINUTE:
            history.minute.append(waking - age)
    history.strangers.extend(elapsed - age for age in ages.strangers)
    return history
