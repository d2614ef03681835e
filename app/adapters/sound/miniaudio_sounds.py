"""Sounds through miniaudio, played in one thread of their own, so that no device delays the window."""

import logging
import threading
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from app.ports.sounds import Sound

_log = logging.getLogger(__name__)

_LONGEST_SECONDS: Final = 3.0
"""Limit of one sound with the start of its device; a device that hangs is given up."""
_BUFFER_SECONDS: Final = 0.2
# ALSA writes a page to stderr for each device that it does not find.
_SKIPPED_AFTER_FAILURE: Final = 20


class MiniaudioSounds:
    """One WAV file per sound; the device is opened for each, because a headset may come and go.

    `backends` limits miniaudio's choice of the system's audio interfaces.
    """

    def __init__(self, files: Mapping[Sound, Path], backends: Sequence[Any] = ()) -> None:
        self._files, self._backends = files, backends
        self._thread = ThreadPoolExecutor(1, "sound")
        self._closed = threading.Event()
        self._failed, self._skipped = False, 0

    def play(self, sound: Sound) -> None:
        if not self._closed.is_set():
            self._thread.submit(self._play_or_log, sound)

    def close(self) -> None:
        self._closed.set()
        self._thread.shutdown(cancel_futures=True)

    def _play_or_log(self, sound: Sound) -> None:
        if self._failed and self._skipped < _SKIPPED_AFTER_FAILURE:
            self._skipped += 1
            return
        try:
            self._play(self._files[sound])
            self._failed = False
        except Exception as error:  # noqa: BLE001 - a missing device must end nothing else
            if not self._failed:
                _log.warning("sound_unavailable", extra={"error_type": type(error).__name__})
            self._failed, self._skipped = True, 0

    def _play(self, file: Path) -> None:
        import miniaudio  # noqa: PLC0415 - loads a library that most starts do not need at once

        decoded = miniaudio.decode_file(str(file))
        device = miniaudio.PlaybackDevice(
            decoded.sample_format,
            decoded.nchannels,
            decoded.sample_rate,
            backends=list(self._backends) or None,
            app_name="Coco Loko Balcão",
        )
        try:
            ended = threading.Event()
            device.start(_frames(decoded.samples.tobytes(), decoded.nchannels * 2, ended))
            if ended.wait(_LONGEST_SECONDS):
                # The generator has ended, the device's buffer has not.
                self._closed.wait(_BUFFER_SECONDS)
        finally:
            device.close()


def _frames(samples: bytes, frame: int, ended: threading.Event) -> Generator[bytes, int, None]:
    """Return a started generator of the requested number of frames."""

    def parts() -> Generator[bytes, int, None]:
        requested, at = (yield b""), 0
        while at < len(samples):
            part = samples[at : at + requested * frame]
            at += len(part)
            requested = yield part
        ended.set()

    generator = parts()
    next(generator)
    return generator
