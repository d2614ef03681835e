"""Sounds that are recorded in place of being played."""

from app.ports.sounds import Sound


class RecordedSounds:
    def __init__(self) -> None:
        self.played: list[Sound] = []
        self._closed = False

    def play(self, sound: Sound) -> None:
        if not self._closed:
            self.played.append(sound)

    def close(self) -> None:
        self._closed = True
