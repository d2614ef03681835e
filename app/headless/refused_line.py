"""Refused lines: strict decoding, and the id and field of a line that is refused."""

import json
from typing import Any

from app.domain.errors import BadFieldError, UnknownCommandError
from app.headless.commands import FIELD_NAMES

_LONGEST_ID = 200
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def decoded(line: bytes) -> str:
    """Return the line as text; raises BadFieldError or UnknownCommandError where it is not valid UTF-8.

    Half of a surrogate pair, written as an escape, is refused too: it cannot be sent to a customer.
    """
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal(_fields(line)) from None
    if "\\u" in text and _is_broken(fields := _fields(line)):
        raise _refusal(fields)
    return text


def id_of(line: bytes) -> int | str | None:
    """Return the `id` of an invalid line, where it has one that can be repeated."""
    found = _fields(line).get("id")
    if isinstance(found, bool) or not isinstance(found, int | str) or _is_broken(found):
        return None
    fits = len(found) <= _LONGEST_ID if isinstance(found, str) else -(2**63) <= found < 2**63
    return found if fits else None


def _refusal(fields: dict[str, Any]) -> UnknownCommandError:
    """Return the refusal, with the name of the known field that holds the broken text."""
    for name, value in fields.items():
        if name in FIELD_NAMES and _is_broken(value):
            return BadFieldError(field=name, reason="not_utf8")
    return UnknownCommandError(reason="not_utf8")


def _fields(line: bytes) -> dict[str, Any]:
    """Parse the line, each broken byte replaced, for the refusal alone."""
    try:
        read = json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _is_broken(value: object) -> bool:
    """Return whether a value, at any depth, holds a replaced byte or half of a surrogate pair."""
    # An explicit stack, because a line may nest deeper than Python's recursion limit.
    left = [value]
    while left:
        match left.pop():
            case str(text):
                if _REPLACED in text or any("\ud800" <= sign <= "\udfff" for sign in text):
                    return True
            case list(inner):
                left += inner
            case dict(inner):
                left += [*inner.keys(), *inner.values()]
    return False
