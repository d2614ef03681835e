"""Port of the sounds that call a person."""

from enum import StrEnum
from typing import Protocol


class Sound(StrEnum):
    """One sound per kind of event, the gravest first."""

    UNTOLD = "untold"
    CONNECTION_LOST = "connection_lost"
    REPLY = "reply"
    ORDER = "order"


class Sounds(Protocol):
    def play(self, sound: Sound) -> None:
        """Begin to play, after a sound that still plays; silent on a PC without an audio device."""
        ...

    def close(self) -> None:
        """Return once no sound plays; later ones are ignored."""
        ...


class Silence:
    """Sounds of a front end that has none."""

    def play(self, sound: Sound) -> None: ...

    def close(self) -> None: ...
