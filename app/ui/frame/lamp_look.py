"""How a number's state looks and reads: its connection's, or that it is connected and messages wait all the same."""

from dataclasses import dataclass

from app.domain.session import ConnectionStatus
from app.ui.frame.lamp_signs import LIMITED, PAUSED, SIGNS, LampSign
from app.ui.frame.lamp_words import lamp_explained
from app.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class LampLook:
    """`words` say it in two or three, `explained` in a sentence."""

    sign: LampSign
    words: str
    explained: str


def look_of(context: PageContext, status: ConnectionStatus) -> LampLook:
    say, core = context.sentences.say, context.core
    sign, word, usual = SIGNS[status.lamp], say("lamp", status.lamp), lamp_explained(status.lamp)
    if status.is_connected and core.queue.paused:
        sign, word, usual = PAUSED, say("limits", "lamp_paused"), say("limits", "some")
    elif status.is_connected and core.paces.status(status.session_id).holds:
        sign, word, usual = LIMITED, say("limits", "lamp"), say("limits", "some")
    explained = say("connection_reasons", status.reason) if status.reason else usual
    return LampLook(sign, say("headless", "whatsapp", lamp=word), explained)
