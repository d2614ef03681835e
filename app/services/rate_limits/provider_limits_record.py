"""Stored form of WhatsApp's limits on a session, read again after a restart."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from app.domain.identifiers import SessionId
from app.domain.rate_limit import DAY, LONGEST_COOL_DOWN
from app.domain.restriction import NewChats
from app.ports.store import Rows
from app.services.storage.stored_settings import Reader, read_count, read_fields, read_flag, read_moment

_MOMENTS: Final = ("cool_until", "locked_until", "capped_until")
# A moment further away comes from a wrong clock or is no moment at all, never from WhatsApp.
_LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ProviderLimitsSnapshot:
    """Limits as saved: `cooled` and `refused` count in a row.

    `by_word` marks a lock that came from WhatsApp itself, `told` an end of it that did.
    """

    cooled: int = 0
    cool_until: datetime | None = None
    refused: int = 0
    locked_until: datetime | None = None
    told: bool = False
    by_word: bool = False
    capped_until: datetime | None = None
    new_chats: NewChats | None = None

    def cool_left(self, now: datetime) -> timedelta:
        """Return the rest of the cool-down, at most the longest one: the PC's clock may have been set in between."""
        return min(self.cool_until - now, LONGEST_COOL_DOWN) if self.cool_until else timedelta(0)

    def lock_left(self, now: datetime) -> timedelta:
        if self.locked_until is None:
            return timedelta(0)
        return min(self.locked_until - now, _LONGEST if self.told else DAY)

    def cap_left(self, now: datetime) -> timedelta:
        return min(self.capped_until - now, _LONGEST) if self.capped_until else timedelta(0)


def load_provider_limits(rows: Rows, session_id: SessionId) -> ProviderLimitsSnapshot:
    """Return the saved limits; a field that is unreadable or unknown imposes no limit."""
    name = _name(session_id)
    return ProviderLimitsSnapshot(**read_fields(name, rows.settings.get(name), _READERS))


def save_provider_limits(rows: Rows, session_id: SessionId, limits: ProviderLimitsSnapshot) -> None:
    fields: dict[str, Any] = {
        "cooled": limits.cooled,
        "refused": limits.refused,
        "told": limits.told,
        "by_word": limits.by_word,
        **{moment: _text(getattr(limits, moment)) for moment in _MOMENTS},
        "new_chats": None,
    }
    if chats := limits.new_chats:
        fields["new_chats"] = {"used": chats.used, "total": chats.total, "until": _text(chats.until)}
    rows.settings.set(_name(session_id), json.dumps(fields))


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _name(session_id: SessionId) -> str:
    return f"restraint:{session_id}"


def _read_chats(value: object) -> NewChats | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError
    return NewChats(read_count(value["used"]), read_count(value["total"]), read_moment(value["until"]))


_READERS: Final[Mapping[str, Reader]] = {
    "cooled": read_count,
    "refused": read_count,
    "told": read_flag,
    "by_word": read_flag,
    **dict.fromkeys(_MOMENTS, read_moment),
    "new_chats": _read_chats,
}
