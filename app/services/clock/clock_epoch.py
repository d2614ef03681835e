"""Period in which the PC's clock was not set, remembered over restarts within one boot."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.ports.store import Rows
from app.services.storage.stored_settings import read_clock, read_fields, read_span, read_text

CLOCK_EPOCH: Final = "clock_epoch"
# Marks a boot without a name: only Linux names its boots, so such an epoch ends with the process.
_NAMELESS: Final = "-"


@dataclass(frozen=True, slots=True)
class ClockEpoch:
    """Epoch with `at_boot`, our clock's time at the boot; `began` is on our clock, `kept` on the monotonic one."""

    boot: str
    at_boot: datetime
    began: datetime
    kept: timedelta = timedelta(0)

    def keep(self, rows: Rows, elapsed: timedelta) -> None:
        fields = {
            "boot": self.boot,
            "at_boot": self.at_boot.isoformat(),
            "began": self.began.isoformat(),
            "elapsed": elapsed.total_seconds(),
        }
        rows.settings.set(CLOCK_EPOCH, json.dumps(fields))


_READERS: Final = {"boot": read_text, "at_boot": read_clock, "began": read_clock, "elapsed": read_span}


def kept_epoch(rows: Rows, boot: str, elapsed: timedelta) -> ClockEpoch | None:
    """Return the epoch that an earlier start saved within this boot; one read incompletely counts as never saved."""
    fields = read_fields(CLOCK_EPOCH, rows.settings.get(CLOCK_EPOCH), _READERS)
    if fields.keys() != _READERS.keys() or None in fields.values():
        return None
    same_boot = fields["boot"] == boot != _NAMELESS and fields["elapsed"] <= elapsed
    return ClockEpoch(boot, fields["at_boot"], fields["began"], fields["elapsed"]) if same_boot else None
