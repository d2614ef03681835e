"""What WhatsApp has demanded of a session, as it is kept over a restart."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.identifiers import SessionId
from app.domain.pacing import DAY, LONGEST_COOL_DOWN
from app.ports.store import Rows


@dataclass(frozen=True, slots=True)
class Restraint:
    """`cooled` and `refused` count in a row; `told` says that the lock's end is WhatsApp's own word."""

    cooled: int = 0
    cool_until: datetime | None = None
    refused: int = 0
    locked_until: datetime | None = None
    told: bool = False

    def cool_left(self, now: datetime) -> timedelta:
        """Never longer than any cool-down is: the PC's clock may have been set while the program was closed."""
        return min(self.cool_until - now, LONGEST_COOL_DOWN) if self.cool_until else timedelta(0)

    def lock_left(self, now: datetime) -> timedelta:
        if self.locked_until is None:
            return timedelta(0)
        return self.locked_until - now if self.told else min(self.locked_until - now, DAY)


def kept_restraint(rows: Rows, session_id: SessionId) -> Restraint:
    kept = rows.settings.get(_name(session_id))
    if kept is None:
        return Restraint()
    words = json.loads(kept)
    for moment in ("cool_until", "locked_until"):
        words[moment] = datetime.fromisoformat(words[moment]) if words[moment] else None
    return Restraint(**words)


def keep_restraint(rows: Rows, session_id: SessionId, restraint: Restraint) -> None:
    cool, lock = restraint.cool_until, restraint.locked_until
    words = {
        "cooled": restraint.cooled,
        "cool_until": cool.isoformat() if cool else None,
        "refused": restraint.refused,
        "locked_until": lock.isoformat() if lock else None,
        "told": restraint.told,
    }
    rows.settings.set(_name(session_id), json.dumps(words))


def _name(session_id: SessionId) -> str:
    return f"restraint:{session_id}"
