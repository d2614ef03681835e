"""Says why a message waits: for an older one, or until when the pace or WhatsApp holds it."""

from datetime import datetime

from app.domain.notification import State
from app.domain.rate_limit import HoldReason
from app.services.orders.board_row import StageNotice
from app.services.text.message_catalog import MessageCatalog, Sentence
from app.ui.language import day_in_words, hour, until_words


def held_until(notice: StageNotice, now: datetime) -> str:
    """For a chip: `14:30`, or its day where that is another; empty where it is only a matter of seconds."""
    hold = notice.hold
    if hold is None or hold.reason is HoldReason.SPACING:
        return ""
    return day_in_words(hold.until, now) or hour(hold.until)


def why_held(notice: StageNotice, sentences: MessageCatalog, now: datetime) -> Sentence | None:
    """None where nothing holds it."""
    if notice.block is not None:
        return sentences.of_block(notice.block)
    hold = notice.hold
    if hold is None or notice.state is not State.PENDING:
        return None
    return sentences.of_hold(hold, until_words(hold.until, now))


def why_in_short(notice: StageNotice, sentences: MessageCatalog, now: datetime) -> str:
    """One line for the list; empty where neither a moment nor an older message can be named."""
    if notice.block is not None:
        return sentences.say("blocks_in_short", notice.block)
    until = held_until(notice, now)
    if not until or notice.hold is None or notice.state is not State.PENDING:
        return ""
    name = notice.hold.reason if notice.hold.in_time else "too_late"
    return sentences.say("holds_in_short", name, until=until)
