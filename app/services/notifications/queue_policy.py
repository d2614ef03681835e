"""The figures that the queue goes by."""

from dataclasses import dataclass, field
from datetime import timedelta

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
    retry: RetryPolicy = field(default_factory=RetryPolicy)
