"""The figures that the queue goes by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.domain.announcement import TIME_TO_LIVE, Situation, is_stale
from app.domain.notification import Notification
from app.domain.retry_policy import RetryPolicy

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

    def is_old_news(self, row: Notification, at: datetime) -> bool:
        """Whether it would be kept from the customer then; what goes out again after a doubt is judged there (A3)."""
        since = row.stage_at
        return row.repeats == 0 and since is not None and is_stale(since, self.situation(at))

    def situation(self, now: datetime, *, first_sync: bool = False) -> Situation:
        return Situation(now, first_sync, self.time_to_live)
