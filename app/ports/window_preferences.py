"""Port of the window's preferences, which belong to one PC: look, sounds, and the window's place."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.ports.sounds import Sound


class ThemeChoice(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class LetterSize(StrEnum):
    """Size of the order list; FAR can be read from two metres away."""

    NORMAL = "normal"
    LARGE = "large"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class WindowPreferences:
    """Choices of the people at one PC; the defaults are those of the first start."""

    theme: ThemeChoice = ThemeChoice.SYSTEM
    sounds: frozenset[Sound] = frozenset(Sound) - {Sound.ORDER}
    toasts: bool = True
    letters: LetterSize = LetterSize.NORMAL
    place: str = ""
    """Qt's record of size and place, as text; empty before the first end: the window is then maximised."""


class WindowPreferencesStore(Protocol):
    def load(self) -> WindowPreferences:
        """Return the saved preferences; the default in place of each one that is missing or damaged."""
        ...

    def save(self, preferences: WindowPreferences) -> None:
        """Replace the saved preferences; a disk that refuses leaves the former ones."""
        ...
