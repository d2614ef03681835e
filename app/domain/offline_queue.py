"""Limits of the wait for WhatsApp's offline queue."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class OfflineQueuePolicy:
    """Limits on the monotonic clock of the wait for messages that WhatsApp queued while the shop was offline (X1)."""

    silence: timedelta = timedelta(seconds=5)
    """Without a report of WhatsApp the queue counts as drained this long after its last stanza."""
    at_most: timedelta = timedelta(minutes=1)
    """From then on only customers with an unread message wait."""
    held_for: timedelta = timedelta(minutes=10)
    """A message that stays unread must not hold its customer for good."""
    resent_within: timedelta = timedelta(minutes=1)
    """A phone that is asked for an undecryptable message again answers in seconds, or is out of reach."""
