"""Settings as another version of the program, or a damaged disk, may have left them: read field by field."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

_log = logging.getLogger(__name__)

Reader = Callable[[object], Any]
_MOST: Final = 1_000_000


def read_fields(name: str, kept: str | None, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the readable ones of these fields of the JSON object that the setting `name` holds.

    Fields that are not asked for are a later program's and are ignored; what does not read is left out and logged.
    """
    if not kept:
        return {}
    try:
        words = _object(json.loads(kept))
    except (ValueError, TypeError, RecursionError):
        tell_unreadable(name)
        return {}
    found: dict[str, Any] = {}
    for field, read in readers.items():
        try:
            if field in words:
                found[field] = read(words[field])
        except (ValueError, TypeError, KeyError, OverflowError):
            tell_unreadable(name, field)
    return found


def tell_unreadable(name: str, field: str | None = None) -> None:
    """Log that a setting, or a field of it, is taken for missing; never what it holds."""
    _log.warning("setting_unreadable", extra={"setting": name, "field": field})


def read_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _MOST:
        raise ValueError
    return value


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def read_moment(value: object) -> datetime | None:
    """Raise ValueError for a moment without its zone, which cannot be compared with any other."""
    if value is None:
        return None
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
