"""Says why a message waits that the pace or WhatsApp holds, and until when."""

from datetime import datetime

from app.domain.notification import State
from app.domain.pacing import HoldReason
from app.services.orders.board_row import StageNotice
from app.services.sentences import Sentence, Sentences
from app.ui.language import day_and_hour, hour


def held_until(notice: StageNotice, now: datetime) -> str:
    """For a chip: `14:30`, or `25/11` where that is another day; empty where it is only a matter of seconds."""
    hold = notice.hold
    if hold is None or hold.reason is HoldReason.SPACING:
        return ""
    until = hold.until.astimezone()
    return hour(until) if until.date() == now.astimezone().date() else until.strftime("%d/%m")


def why_held(notice: StageNotice, sentences: Sentences, now: datetime) -> Sentence | None:
    """None where nothing holds it."""
    hold = notice.hold
    if hold is None or notice.state is not State.PENDING:
        return None
    return sentences.of_hold(hold.reason, day_and_hour(hold.until, now))
