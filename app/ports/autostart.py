"""Port of the start with the computer, for the person who is logged in."""

from typing import Protocol


class Autostart(Protocol):
    @property
    def is_on(self) -> bool:
        """Whether the program starts when this person logs in."""
        ...

    def turn(self, *, on: bool) -> bool:
        """Switch it; return False where the system refused."""
        ...
