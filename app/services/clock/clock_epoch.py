"""Stretch of time in which the PC's clock was not set, remembered over restarts within one boot."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from app.ports.store import Rows

CLOCK_EPOCH: Final = "clock_epoch"
# What outlasts no boot: outside Linux a boot has no name.
_NAMELESS: Final = "-"


@dataclass(frozen=True, slots=True)
class ClockEpoch:
    """`at_boot` is what our clock would have shown at the boot; `began` is on our clock, `kept` on the steady one."""

    boot: str
    at_boot: datetime
    began: datetime
    kept: timedelta = timedelta(0)

    def keep(self, rows: Rows, elapsed: timedelta) -> None:
        words = {
            "boot": self.boot,
            "at_boot": self.at_boot.isoformat(),
            "began": self.began.isoformat(),
            "elapsed": elapsed.total_seconds(),
        }
        rows.settings.set(CLOCK_EPOCH, json.dumps(words))


def kept_epoch(rows: Rows, boot: str, elapsed: timedelta) -> ClockEpoch | None:
    """That of an earlier start within this boot; what does not read was never kept."""
    try:
        words = json.loads(rows.settings.get(CLOCK_EPOCH) or "")
        at_boot, began = (datetime.fromisoformat(words[name]) for name in ("at_boot", "began"))
        kept = timedelta(seconds=words["elapsed"])
        same_boot = words["boot"] == boot != _NAMELESS and kept <= elapsed
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    return ClockEpoch(boot, at_boot.astimezone(UTC), began.astimezone(UTC), kept) if same_boot else None
