"""The figures that the queue goes by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.notification import Notification
from app.domain.retry_policy import RetryPolicy
from app.domain.stage_policy import TIME_TO_LIVE, PolicyContext, is_stale

LEASE_LENGTH = timedelta(seconds=60)
# WhatsApp's server hands over what waited while we were away; its last words may come a little later (Q4).
EVIDENCE_TIME = timedelta(seconds=3)
MOST_REPEATS = 2
# After a hold the fault is elsewhere; asking again at once would only burn the processor.
HOLD_PAUSE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """What the settings decide; the rest are the constants above."""

    batch_size: int = 10
    window: int = 5
    """How many messages of one session may be on their way at once, each to another customer."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    time_to_live: timedelta = TIME_TO_LIVE
    repeats_doubts: bool = True
    """The setting `in_doubt`: `resend`, or `ask` a person (Q4)."""

    def is_stale(self, row: Notification, at: datetime) -> bool:
        """Whether a waiting message would be kept from its customer at that moment (A3)."""
        return row.stage_at is not None and is_stale(row.stage_at, self.context(at))

    def is_stale_doubt(self, row: Notification, at: datetime) -> bool:
        """Whether a doubt is too old to be repeated; what has no stage grows old from the doubt on."""
        since = row.stage_at or row.doubted_at
        return since is not None and is_stale(since, self.context(at))

    def fresh_since(self, at: datetime) -> datetime:
        """The moment since which a stage must have been reached to be news at `at`."""
        return at - self.time_to_live

    def context(self, now: datetime, *, first_sync: bool = False) -> PolicyContext:
        return PolicyContext(now, first_sync, self.time_to_live)
