"""Limits and durations of the queue."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.notification import Notification
from app.domain.retry_policy import RetryPolicy
from app.domain.stage_policy import TIME_TO_LIVE, PolicyContext, is_stale

LEASE_LENGTH = timedelta(seconds=60)
# WhatsApp's server delivers its offline queue on connecting; its last evidence may come a little later (Q4).
EVIDENCE_TIME = timedelta(seconds=3)
MOST_REPEATS = 2
# After a hold the fault is elsewhere; an immediate retry would only burn the processor.
HOLD_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """Values from the settings; the others are the constants above."""

    batch_size: int = 10
    window: int = 5
    """Most messages of one session in flight at once, each to another customer."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    time_to_live: timedelta = TIME_TO_LIVE
    repeats_doubts: bool = True
    """The setting `in_doubt`: `resend`, or `ask` a person (Q4)."""

    def is_stale(self, row: Notification, at: datetime) -> bool:
        """Return whether a pending message would be withheld as stale at that moment (A3)."""
        return row.stage_at is not None and is_stale(row.stage_at, self.context(at))

    def is_stale_doubt(self, row: Notification, at: datetime) -> bool:
        """Return whether a doubt is too old to be repeated; a message without a stage ages from the doubt on."""
        since = row.stage_at or row.doubted_at
        return since is not None and is_stale(since, self.context(at))

    def fresh_since(self, at: datetime) -> datetime:
        """Return the earliest moment of a stage that is still fresh at `at`."""
        return at - self.time_to_live

    def context(self, now: datetime, *, first_sync: bool = False) -> PolicyContext:
        return PolicyContext(now, first_sync, self.time_to_live)
