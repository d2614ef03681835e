"""Puts in doubt what an older copy of the database holds as unfinished, for it may have gone out since."""

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
    """Work that changes up to `limit` rows and returns them; nothing when none is left."""

    def work(rows: Rows) -> list[Notification]:
        chosen = rows.aging.unfinished_unlike(RESTORED, limit)
        changed = [recheck(rows, _doubted(row, at, policy), at) for row in chosen]
        for row in changed:
            rows.notifications.save(row)
        return changed

    return work


def _doubted(row: Notification, at: datetime, policy: QueuePolicy) -> Notification:
    """Never again by itself: evidence settles it, or a person; what would be old news is not waited for (Q4)."""
    left = replace(row, lease=None, sending_at=row.sending_at or at, repeats=MOST_REPEATS)
    if row.stage_at is not None and is_stale(row.stage_at, policy.context(at)):
        return left.suppressed(Suppression.STALE, at)
    if row.state is State.IN_DOUBT:
        return replace(left, reason=RESTORED, changed_at=at, given_up_at=at)
    return replace(left.transitioned(State.IN_DOUBT, at, reason=RESTORED), doubted_at=at, given_up_at=at)
