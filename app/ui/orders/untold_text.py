"""Short words for the reason why an order's customer was not told, for rows, pane and screen readers (C3)."""

from datetime import datetime

from app.domain.identifiers import SessionId
from app.domain.rate_limit import HoldReason
from app.domain.untold import UntoldReason
from app.services.orders.board_row import BoardRow
from app.ui.language import until_words
from app.ui.page_context import PageContext

_RESTRICTIONS = (HoldReason.COLD_LOCK, HoldReason.NEW_CHAT_CAP)


def untold_in_short(row: BoardRow, context: PageContext) -> str:
    """Return the reason in two or three words, with the end of WhatsApp's limit; empty if the customer was told."""
    reason, sentences = row.untold_reason, context.sentences
    if reason is None or row.present is None:
        return ""
    if reason is UntoldReason.RESTRICTED:
        until = _restricted_until(context, row.present.notification.session_id)
        if until is not None:
            words = until_words(until, context.core.clock.now())
            return sentences.say("untold_in_short", "restricted_until", until=words)
    return sentences.say("untold_in_short", reason)


def _restricted_until(context: PageContext, session_id: SessionId) -> datetime | None:
    """Return the end of WhatsApp's limit on this number of the shop, if it has told one."""
    statuses = context.core.rate_limiters.statuses()
    status = next((each for each in statuses if each.session_id == session_id), None)
    ends = [status.held_until(reason) for reason in _RESTRICTIONS] if status else []
    return max((end for end in ends if end), default=None)
