"""Idempotent enqueueing of a notification, inside the caller's transaction."""

from dataclasses import replace
from datetime import datetime

from app.domain.account import NOT_FOUND_FOR, KnownNumber
from app.domain.notification import Notification, State, Suppression
from app.domain.order import NotificationType
from app.domain.outgoing_text import outgoing_text
from app.domain.priority import priority_of
from app.ports.store import Rows
from app.ports.vault import Vault
from app.services.notifications.records import EnqueueResult, QueuedNotification
from app.services.notifications.suppression import (
    raise_if_opted_out,
    supersede_earlier_stages,
    suppress_if_opted_out,
)

# Their id is random, or a caller's idempotency key: in whichever state the row is, it is not queued again.
_PERSONAL = frozenset({NotificationType.CUSTOM, NotificationType.REPLY})
_REVIVABLE = frozenset({State.SUPPRESSED, State.CANCELLED})


def enqueue(
    rows: Rows, vault: Vault, queued: QueuedNotification, at: datetime, *, by_person: bool
) -> EnqueueResult:
    """Insert the notification; if it exists, a person's click revives one that can never have left (A2).

    Each text passes its one check here (T7), which raises the errors of `outgoing_text`.
    """
    if queued.notification_type in _PERSONAL and (known := rows.notifications.get(queued.id)):
        return EnqueueResult(known, is_new=False)
    row = _new_row(vault, queued, at)
    if by_person:
        raise_if_opted_out(rows, row.phone)
    added = rows.notifications.add(suppress_if_opted_out(rows, row, at))
    if added:
        return EnqueueResult(added, is_new=True, superseded=supersede_earlier_stages(rows, added, at))
    known = rows.notifications.get(queued.id)
    if known is None:
        # The row exists under an id that does not read any more; the unreadable row is ended elsewhere.
        return EnqueueResult(row, is_new=False)
    if by_person and known.state in _REVIVABLE and known.sending_at is None and not known.is_erased:
        revived = _revived(known, queued, at)
        if known.reason == Suppression.NOT_ON_WHATSAPP:
            rows.numbers.save(KnownNumber(queued.customer_phone, None, at - NOT_FOUND_FOR))
        rows.notifications.rewrite(revived)
        return EnqueueResult(revived, is_new=True, superseded=supersede_earlier_stages(rows, revived, at))
    return EnqueueResult(known, is_new=False)


def _revived(known: Notification, queued: QueuedNotification, at: datetime) -> Notification:
    """Return the row as pending with the new text, phone and sender: its fault may have been corrected since."""
    return replace(
        known.transitioned(State.PENDING, at).reworded(queued.message, queued.customer_phone),
        scheduled_at=queued.scheduled_at,
        stage_at=queued.stage_at,
        session_id=queued.session_id,
    )


def _new_row(vault: Vault, queued: QueuedNotification, at: datetime) -> Notification:
    return Notification(
        id=queued.id,
        order_id=queued.order_id,
        type=queued.notification_type,
        occurrence=queued.occurrence,
        session_id=queued.session_id,
        phone=queued.customer_phone,
        text=outgoing_text(queued.message),
        message_id=vault.message_id(queued.id),
        created_at=at,
        scheduled_at=queued.scheduled_at,
        state=State.SUPPRESSED if queued.suppressed else State.PENDING,
        reason=queued.suppressed,
        changed_at=at if queued.suppressed else None,
        stage_at=queued.stage_at,
        priority=priority_of(queued.notification_type),
    )
