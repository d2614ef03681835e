"""Trusted time: a lower bound of the true time, unmoved by any setting of the PC's clock."""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from app.ports.clock import Clock
from app.ports.store import Rows
from app.services.storage.stored_settings import read_clock, read_fields, read_flag, read_span

TRUSTED_TIME: Final = "trusted_time"
_TRIMMED: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """Saved state: `proven` if `at` goes back to a server, `exact` if no time is missing since.

    Rows are dated by an exact time up to `dated`; `skew` is our clock's, `ahead` the PC's.
    """

    at: datetime
    proven: bool = False
    exact: bool = False
    dated: datetime | None = None
    skew: timedelta = timedelta(0)
    ahead: timedelta = timedelta(0)


class TrustedTime:
    """Last time that a server reported, plus the program's running time since then.

    Before a server has reported one it begins anywhere: only its differences count then.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept = _Kept(clock.now())
        self._since = clock.elapsed()
        self.first_heard = asyncio.Event()

    def now(self) -> datetime:
        return self._kept.at + (self._clock.elapsed() - self._since)

    @property
    def heard(self) -> bool:
        """Whether the time is exact: a server has reported it since the PC was started."""
        return self.first_heard.is_set()

    @property
    def proven(self) -> bool:
        """Whether it certainly is at least that late."""
        return self._kept.proven

    @property
    def dated(self) -> datetime | None:
        """Moment up to which rows were dated by an exact time."""
        return self._kept.dated

    @property
    def skew(self) -> timedelta:
        """Lead of our clock when a server last reported the time."""
        return self._kept.skew

    @property
    def ahead(self) -> timedelta:
        """Lead of the PC's clock while the time was last exact; it stays as wrong over a reboot."""
        return self._kept.ahead

    def compare(self, shown: datetime) -> bool:
        """Measure the lead of the PC's clock; return whether it changed by a minute and has to be saved."""
        ahead = shown - self.now()
        if not self.heard or abs(ahead - self._kept.ahead) < _TRIMMED:
            return False
        self._hold(replace(self._kept, at=self.now(), ahead=ahead))
        return True

    def hear(self, at: datetime) -> None:
        """Record the time that a server has just reported."""
        self._hold(replace(self._kept, at=at, proven=True, exact=True))

    def measure_skew(self) -> None:
        self._hold(replace(self._kept, at=self.now(), skew=self._clock.now() - self.now()))

    def mark_dated(self, at: datetime) -> None:
        self._hold(replace(self._kept, at=self.now(), dated=at))

    def keep(self, rows: Rows) -> None:
        kept = self._kept
        fields = {
            "at": self.now().isoformat(),
            "proven": kept.proven,
            "exact": kept.exact,
            "dated": kept.dated.isoformat() if kept.dated else None,
            "skew": kept.skew.total_seconds(),
            "ahead": kept.ahead.total_seconds(),
        }
        rows.settings.set(TRUSTED_TIME, json.dumps(fields))

    def resume(self, rows: Rows, passed: timedelta | None) -> None:
        """Continue from the saved time; `passed`, the time since, is known only within one boot.

        After another boot, the time in between counts only once a server has reported it.
        """
        kept = _read(rows.settings.get(TRUSTED_TIME))
        if kept and passed is not None:
            self._hold(replace(kept, at=kept.at + passed))
        elif kept:
            self._hold(replace(kept, exact=False))

    def _hold(self, kept: _Kept) -> None:
        self._kept, self._since = kept, self._clock.elapsed()
        if kept.exact:
            self.first_heard.set()


_READERS: Final = {
    "at": read_clock,
    "proven": read_flag,
    "exact": read_flag,
    "dated": read_clock,
    "skew": read_span,
    "ahead": read_span,
}
# Earlier versions of the program saved no `ahead`.
_REQUIRED: Final = _READERS.keys() - {"ahead"}


def _read(kept: str | None) -> _Kept | None:
    """Return the saved state; one read incompletely counts as never saved, which only causes delays."""
    fields = read_fields(TRUSTED_TIME, kept, _READERS)
    return _Kept(**fields) if fields.keys() >= _REQUIRED and fields["at"] else None
