"""How long this disk takes to make four kibibytes safe."""

import os
from pathlib import Path

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy

_PAGE = 4096
_PAGES = 64


def sync_times_ms(folder: Path, count: int) -> list[float]:
    """Of `count` single pages, each written and synchronised by itself."""
    clock = SystemClock()
    opened = os.open(folder / "pages", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.write(opened, bytes(_PAGE * _PAGES))
        os.fsync(opened)
        return [_one(opened, number % _PAGES, clock) for number in range(count)]
    finally:
        os.close(opened)


def _one(opened: int, page: int, clock: SystemClock) -> float:
    os.lseek(opened, page * _PAGE, os.SEEK_SET)
    os.write(opened, SystemEntropy().bytes(_PAGE))
    began = clock.steady()
    # Windows and macOS have no fdatasync; there the whole file's state is made safe.
    getattr(os, "fdatasync", os.fsync)(opened)
    return (clock.steady() - began).total_seconds() * 1000
