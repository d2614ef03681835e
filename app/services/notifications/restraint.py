"""What WhatsApp has demanded of a session, as it is kept over a restart."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.domain.identifiers import SessionId
from app.domain.pacing import DAY, LONGEST_COOL_DOWN
from app.domain.restriction import NewChats
from app.ports.store import Rows

_MOMENTS = ("cool_until", "locked_until", "capped_until")


@dataclass(frozen=True, slots=True)
class Restraint:
    """`cooled` and `refused` count in a row; the lock is WhatsApp's own `by_word`, and so is its end where `told`."""

    cooled: int = 0
    cool_until: datetime | None = None
    refused: int = 0
    locked_until: datetime | None = None
    told: bool = False
    by_word: bool = False
    capped_until: datetime | None = None
    new_chats: NewChats | None = None

    def cool_left(self, now: datetime) -> timedelta:
        """Never longer than any cool-down is: the PC's clock may have been set while the program was closed."""
        return min(self.cool_until - now, LONGEST_COOL_DOWN) if self.cool_until else timedelta(0)

    def lock_left(self, now: datetime) -> timedelta:
        if self.locked_until is None:
            return timedelta(0)
        return self.locked_until - now if self.told else min(self.locked_until - now, DAY)

    def cap_left(self, now: datetime) -> timedelta:
        return self.capped_until - now if self.capped_until else timedelta(0)


def kept_restraint(rows: Rows, session_id: SessionId) -> Restraint:
    kept = rows.settings.get(_name(session_id))
    if kept is None:
        return Restraint()
    words = json.loads(kept)
    for moment in _MOMENTS:
        words[moment] = _moment(words.get(moment))
    if chats := words.get("new_chats"):
        words["new_chats"] = NewChats(chats["used"], chats["total"], _moment(chats["until"]))
    return Restraint(**words)


def keep_restraint(rows: Rows, session_id: SessionId, restraint: Restraint) -> None:
    words: dict[str, Any] = {
        "cooled": restraint.cooled,
        "refused": restraint.refused,
        "told": restraint.told,
        "by_word": restraint.by_word,
        **{moment: _text(getattr(restraint, moment)) for moment in _MOMENTS},
        "new_chats": None,
    }
    if chats := restraint.new_chats:
        words["new_chats"] = {"used": chats.used, "total": chats.total, "until": _text(chats.until)}
    rows.settings.set(_name(session_id), json.dumps(words))


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _name(session_id: SessionId) -> str:
    return f"restraint:{session_id}"
