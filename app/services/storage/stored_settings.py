"""Field-by-field reader of settings that another version, or a damaged disk, may have left."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

_log = logging.getLogger(__name__)

Reader = Callable[[object], Any]
_MOST: Final = 1_000_000
_LONGEST: Final = 10_000_000_000
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 3000


def read_fields(name: str, kept: str | None, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the readable ones of these fields of the JSON object in the setting `name`.

    Other fields belong to a later program and are ignored; unreadable ones are left out and logged.
    """
    if not kept:
        return {}
    try:
        words = _object(json.loads(kept))
    except (ValueError, TypeError, RecursionError):
        report_unreadable(name)
        return {}
    found: dict[str, Any] = {}
    for field, read in readers.items():
        try:
            if field in words:
                found[field] = read(words[field])
        except (ValueError, TypeError, KeyError, OverflowError):
            report_unreadable(name, field)
    return found


def replace_field(kept: str | None, field: str, value: str | int | None) -> str:
    """Return the JSON object with this field replaced, or removed for None.

    Its other fields stay as they are, also those of a later program and unreadable ones.
    """
    try:
        fields = dict(_object(json.loads(kept or "{}")))
    except (ValueError, TypeError, RecursionError):
        fields = {}
    fields.pop(field, None)
    if value is not None:
        fields[field] = value
    # In ASCII: half of a surrogate pair, kept from a damaged field, is no text that the database takes.
    return json.dumps(fields)


def report_unreadable(name: str, field: str | None = None) -> None:
    """Log that a setting, or a field of it, counts as missing; never its content."""
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
    moment = datetime.fromisoformat(read_text(value))
    if moment.tzinfo is None:
        raise ValueError
    return moment


def read_span(value: object) -> timedelta:
    """Return a duration in seconds; raise ValueError for three centuries, which no calculation outlasts."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    if not abs(value) < _LONGEST:
        raise ValueError
    return timedelta(seconds=value)


def read_clock(value: object) -> datetime | None:
    """Return a possible clock time; raise ValueError for one that leaves the calendar in a calculation."""
    moment = read_moment(value)
    if moment and not _FIRST_YEAR <= moment.year < _LAST_YEAR:
        raise ValueError
    return moment


def read_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value
