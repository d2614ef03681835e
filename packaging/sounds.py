"""Synthesis of the program's four sounds, told apart without looking: resources/sounds/*.wav."""

import math
import wave
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sounds"
RATE = 22_050
_PEAK = 0.6
_FADE = 0.006


@dataclass(frozen=True)
class Note:
    """Tone of one pitch; `timbre` holds the strengths of its harmonics."""

    hertz: float
    start: float
    seconds: float
    timbre: Sequence[tuple[float, float]] = ((1, 1),)
    decay: float = 0

    def at(self, moment: float) -> float:
        """Return the amplitude at a moment of the sound."""
        inside = moment - self.start
        if not 0 <= inside < self.seconds:
            return 0
        fade = min(1, inside / _FADE, (self.seconds - inside) / _FADE)
        tone = sum(
            strength * math.sin(2 * math.pi * self.hertz * harmonic * inside)
            for harmonic, strength in self.timbre
        )
        return tone * fade * math.exp(-self.decay * inside)


_REED = ((1, 1), (2, 0.5), (3, 0.6), (5, 0.35))
_BELL = ((1, 1), (2.76, 0.5), (5.4, 0.25))

SOUNDS: dict[str, Sequence[Note]] = {
    # Two pairs of hard, falling notes: a person is needed.
    "untold": [
        Note(pitch, start, 0.085, _REED) for pitch, start in ((988, 0), (740, 0.09), (988, 0.2), (740, 0.29))
    ],
    # Two soft notes, rising: a customer wrote.
    "reply": [Note(784, 0, 0.12, decay=9), Note(1175, 0.11, 0.26, decay=12)],
    # Three low notes, falling slowly: the connection is gone.
    "connection_lost": [
        Note(pitch, start, 0.125, ((1, 1), (3, 0.2))) for pitch, start in ((392, 0), (330, 0.13), (262, 0.26))
    ],
    # One bell: an order came.
    "order": [Note(1319, 0, 0.38, _BELL, decay=11)],
}


def samples(notes: Sequence[Note]) -> "array[int]":
    """Return the sound as signed 16-bit samples, at the same loudness for each."""
    length = math.ceil(max(note.start + note.seconds for note in notes) * RATE)
    mixed = [sum(note.at(at / RATE) for note in notes) for at in range(length)]
    loudest = max(abs(sample) for sample in mixed)
    return array("h", (round(sample / loudest * _PEAK * 32_767) for sample in mixed))


def write(folder: Path, say: Callable[[str], object] = print) -> None:
    """Write one WAV file for each sound."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, notes in SOUNDS.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(notes).tobytes())
        say(f"{name}.wav")


if __name__ == "__main__":
    write(FOLDER)
