"""Ports of this PC for the window: sounds, saved preferences, start with the computer."""

from dataclasses import dataclass, field

from app.ports.autostart import Autostart
from app.ports.sounds import Silence, Sounds
from app.ports.window_preferences import WindowPreferencesStore


@dataclass(frozen=True, slots=True)
class Machine:
    """Ports of this PC; the defaults are silent and remember nothing."""

    sounds: Sounds = field(default_factory=Silence)
    preferences: WindowPreferencesStore | None = None
    autostart: Autostart | None = None
