"""Sounds through miniaudio: the files, and a PC on which nothing can be heard."""

import itertools
import logging
import wave
from array import array
from collections.abc import Generator, Sequence
from pathlib import Path

import miniaudio
import pytest
from sounds import SOUNDS, samples, write

from app import paths
from app.adapters.sound.miniaudio_sounds import MiniaudioSounds
from app.ports.sounds import Sound

pytestmark = pytest.mark.requirement("C8")


def read(file: Path) -> tuple[float, Sequence[int]]:
    with wave.open(str(file), "rb") as opened:
        frames = array("h", opened.readframes(opened.getnframes()))
        return opened.getnframes() / opened.getframerate(), frames


def test_files_are_short_and_differ_from_each_other() -> None:
    found = {sound: read(file) for sound, file in paths.sounds().items()}
    assert set(found) == set(Sound)
    assert all(0.2 < seconds <= 0.4 for seconds, _ in found.values())
    for (_, one), (_, other) in itertools.combinations(found.values(), 2):
        shared = range(min(len(one), len(other)))
        apart = sum(abs(one[at] - other[at]) for at in shared) / len(shared)
        assert apart > 1_000


def test_files_are_those_that_the_script_makes(tmp_path: Path) -> None:
    write(tmp_path, say=lambda _: None)
    for sound, file in paths.sounds().items():
        _, made = read(tmp_path / f"{sound}.wav")
        _, kept = read(file)
        assert len(made) == len(kept)
        assert max(abs(one - other) for one, other in zip(made, kept, strict=True)) <= 1
    assert all(max(abs(sample) for sample in samples(notes)) < 32_767 for notes in SOUNDS.values())


def test_sounds_log_one_line_where_there_is_no_device(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise miniaudio.MiniaudioError("failed to init device", -401)

    monkeypatch.setattr(miniaudio, "PlaybackDevice", refuse)
    played = MiniaudioSounds(paths.sounds())
    with caplog.at_level(logging.WARNING):
        for _ in range(50):
            played.play(Sound.UNTOLD)
        played._thread.shutdown(wait=True)
    assert [record.message for record in caplog.records] == ["sound_unavailable"]


def test_sounds_give_every_frame_to_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    class Device:
        def __init__(self, *_: object, **__: object) -> None:
            self.is_open = True

        def start(self, generator: Generator[bytes, int, None]) -> None:
            try:
                while True:
                    heard.append(generator.send(480))
            except StopIteration:
                return

        def close(self) -> None:
            self.is_open = False

    monkeypatch.setattr(miniaudio, "PlaybackDevice", Device)
    file = paths.sounds()[Sound.REPLY]
    played = MiniaudioSounds(paths.sounds())
    played.play(Sound.REPLY)
    played._thread.shutdown(wait=True)
    assert b"".join(heard) == miniaudio.decode_file(str(file)).samples.tobytes()
