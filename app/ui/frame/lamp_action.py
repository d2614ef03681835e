"""The one button that helps in each state of the connection."""

from dataclasses import dataclass

from app.domain.remedy import REMEDIES
from app.domain.session import ConnectionStatus, Lamp
from app.services.text.message_catalog import MessageCatalog


@dataclass(frozen=True, slots=True)
class LampAction:
    """`words` is empty where the button's usual ones say it; `pairs` leads to a pairing, else it is tried again."""

    pairs: bool
    words: str = ""


def action_of(status: ConnectionStatus, sentences: MessageCatalog) -> LampAction | None:
    """None where nothing has to be done."""
    remedy = REMEDIES.get(status.reason) if status.reason else None
    words = sentences.say("remedies", remedy) if remedy else ""
    if status.lamp is Lamp.UNPAIRED:
        return LampAction(pairs=True, words=words if remedy and remedy.pairs else "")
    if remedy:
        return LampAction(remedy.pairs, words)
    return LampAction(pairs=False) if status.lamp in (Lamp.DISCONNECTED, Lamp.UNSTABLE) else None
