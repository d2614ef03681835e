"""Texts for held messages: blocked by an older one, or held by rate limit or WhatsApp."""

from datetime import datetime

from app.domain.notification import State
from app.domain.rate_limit import HoldReason
from app.services.orders.board_row import StageNotice
from app.services.text.message_catalog import MessageCatalog, Sentence
from app.ui.language import day_in_words, hour, until_words


def held_until(notice: StageNotice, now: datetime) -> str:
    """Return the hold's end for a chip: `14:30`, or the day if not today; empty for spacing of seconds."""
    hold = notice.hold
    if hold is None or hold.reason is HoldReason.SPACING:
        return ""
    return day_in_words(hold.until, now) or hour(hold.until)


def why_held(notice: StageNotice, sentences: MessageCatalog, now: datetime) -> Sentence | None:
    """Return the reason as a sentence, None if the message is not held."""
    if notice.block is not None:
        return sentences.of_block(notice.block)
    hold = notice.hold
    if hold is None or notice.state is not State.PENDING:
        return None
    return sentences.of_hold(hold, until_words(hold.until, now))


def why_in_short(notice: StageNotice, sentences: MessageCatalog, now: datetime) -> str:
    """Return the reason on one line; empty without an end or an older message to name."""
    if notice.block is not None:
        return sentences.say("blocks_in_short", notice.block)
    until = held_until(notice, now)
    if not until or notice.hold is None or notice.state is not State.PENDING:
        return ""
    name = notice.hold.reason if notice.hold.in_time else "too_late"
    return sentences.say("holds_in_short", name, until=until)
