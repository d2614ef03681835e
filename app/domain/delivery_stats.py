"""Statistics of the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.identifiers import SessionId
from app.domain.notification import State


@dataclass(frozen=True, slots=True)
class QueueStats:
    """Counts of the queue: `by_state` contains every state; `sent_last_hour` counts acceptances by WhatsApp (Q8)."""

    by_state: Mapping[State, int]
    by_session: Mapping[SessionId, Mapping[State, int]] = field(default_factory=dict)
    oldest_waiting: timedelta | None = None
    sent_last_hour: int = 0
    paused: bool = False
