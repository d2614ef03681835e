"""Rate limit status of a number as JSON, with the same in words."""

from datetime import datetime
from typing import Any

from app.domain.rate_limit import Hold, RateLimitStatus
from app.services.text.message_catalog import MessageCatalog
from app.services.text.rate_limit_text import RateLimitText


def pace_as_json(status: RateLimitStatus, sentences: MessageCatalog, *, paused: bool) -> dict[str, Any]:
    """Return the status as JSON; a total of null is no limit, `words` are the sentences that the window shows."""
    words = RateLimitText(sentences, _on_the_wall)
    read = [f"{each.name}: {each.figures}, {each.word}" for each in words.readings(status)]
    chats = status.new_chats
    return {
        "new_customers": {
            "used": status.cold_today,
            "total": status.cold_cap,
            "warm_up_day": status.warm_up_day,
        },
        "last_minute": {"used": status.last_minute, "total": status.per_minute or None},
        "new_chats": {"used": chats.used, "total": chats.total, "until": _iso(chats.until)}
        if chats
        else None,
        "paused": paused,
        "holds": holds_as_json(status.holds),
        "words": [*words.limits(status, paused=paused), *read],
    }


def holds_as_json(holds: tuple[Hold, ...]) -> list[dict[str, Any]]:
    return [{"reason": hold.reason, "until": _iso(hold.until)} for hold in holds]


def _on_the_wall(moment: datetime) -> str:
    """Format a moment with its day, because it may be read later."""
    return moment.astimezone().strftime("%d/%m %H:%M")


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
