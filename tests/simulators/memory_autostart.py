"""Start with the computer, in memory; `refuses` as a policy of the PC would."""


class MemoryAutostart:
    def __init__(self, *, refuses: bool = False) -> None:
        self.is_on, self._refuses = False, refuses

    def turn(self, *, on: bool) -> bool:
        if not self._refuses:
            self.is_on = on
        return not self._refuses
