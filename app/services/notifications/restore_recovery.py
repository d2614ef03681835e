"""Recovery after a restored older database: its unfinished rows become doubtful, as they may have been sent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.domain.notification import Notification, State, Suppression
from app.domain.queue_policy import MOST_REPEATS, QueuePolicy
from app.domain.stage_policy import is_stale
from app.ports.store import Rows
from app.services.notifications.suppression import recheck

RESTORED: Final = "restored"


def doubt_unfinished(at: datetime, policy: QueuePolicy, limit: int) -> Callable[[Rows], list[Notification]]:
    """Return work that puts up to `limit` rows in doubt and returns them; an empty list ends it."""

    def work(rows: Rows) -> list[Notification]:
        chosen = rows.aging.unfinished_unlike(RESTORED, limit)
        changed = [recheck(rows, _doubted(row, at, policy), at) for row in chosen]
        for row in changed:
            rows.notifications.save(row)
        return changed

    return work


def _doubted(row: Notification, at: datetime, policy: QueuePolicy) -> Notification:
    """Return the row in doubt, never repeated by itself: evidence or a person settles it; stale ones end (Q4)."""
    left = replace(row, lease=None, sending_at=row.sending_at or at, repeats=MOST_REPEATS)
    if row.stage_at is not None and is_stale(row.stage_at, policy.context(at)):
        return left.suppressed(Suppression.STALE, at)
    if row.state is State.IN_DOUBT:
        return replace(left, reason=RESTORED, changed_at=at, given_up_at=at)
    return replace(left.transitioned(State.IN_DOUBT, at, reason=RESTORED), doubted_at=at, given_up_at=at)
