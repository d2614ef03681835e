"""Shape and tone of each state of the connection."""

from dataclasses import dataclass
from typing import Final

from app.domain.session import Lamp
from app.ui.palette import Tone


@dataclass(frozen=True, slots=True)
class LampSign:
    icon: str
    tone: Tone


SIGNS: Final = {
    Lamp.UNPAIRED: LampSign("qr-code", Tone.WAIT),
    Lamp.CONNECTING: LampSign("refresh-cw", Tone.WAIT),
    Lamp.CONNECTED: LampSign("circle-check", Tone.GOOD),
    Lamp.UNSTABLE: LampSign("triangle-alert", Tone.WAIT),
    Lamp.DISCONNECTED: LampSign("wifi-off", Tone.BAD),
    Lamp.BLOCKED: LampSign("ban", Tone.BAD),
}
PAUSED: Final = LampSign("pause", Tone.WAIT)
LIMITED: Final = LampSign("hourglass", Tone.WAIT)
"""Connected, and some messages wait for WhatsApp or the pace all the same."""
