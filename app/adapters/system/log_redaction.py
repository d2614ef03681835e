"""Log redaction: masks phones, WhatsApp addresses, tokens and keys before they reach a log (X4)."""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path

MASK = "[…]"

# Kept unchanged: our own ids, and moments, which would otherwise match tokens and phones.
_HARMLESS = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|3EB0[0-9A-F]{18}"
    r"|20\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?)?"
    r")(?![0-9A-Za-z])",
    re.ASCII,
)
_PERSONAL = re.compile(
    r"[^\s\"'<>(),;=]*@(?:s\.whatsapp\.net|c\.us|g\.us|(?:hosted\.)?lid|broadcast|newsletter)\b"  # addresses
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|(?<=exception=)\w+\(.*"  # asyncio's report of a failed task
    r"|(?:[0-9A-Fa-f]{2}[ ,:]){7,}[0-9A-Fa-f]{2}"  # hexadecimal bytes
    r"|[A-Za-z0-9+/_=.-]{32,}"  # keys and tokens
    r"|(?=[A-Za-z+/_=-]*\d)[A-Za-z0-9+/_=-]{20,}"  # shorter ones, told from words by a digit
    r"|(?i:bearer)\s+\S+"
    r"|\+?\d(?:[\s().\-‐-―/]{0,3}\d){7,}"  # phones, and all other numbers as long
)


def redacted(text: str) -> str:
    """Return `text` with every part masked that could be personal or secret."""
    parts, end = [], 0
    for kept in _HARMLESS.finditer(text):
        parts += [_PERSONAL.sub(MASK, text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, _PERSONAL.sub(MASK, text[end:])])


def redacted_value(value: object) -> object:
    """Return a log entry's field with the same masks, at any depth."""
    match value:
        case bool() | float() | None:
            return value
        case int():
            return value if abs(value) < 10**7 else MASK
        case str():
            return redacted(value)
        case Mapping():
            return {redacted(str(name)): redacted_value(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted_value(inner) for inner in value]
        case _:
            return redacted(str(value))


class RedactionFilter(logging.Filter):
    """Filter on the root's handler, so that the records of every library pass it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):
            record.msg = redacted_value(record.msg)
            return True
        said = [redacted(record.getMessage())]
        if record.exc_info and record.exc_info[1]:
            said += _places(record.exc_info[1])
        record.msg, record.args = "\n".join(said), None
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def _places(error: BaseException) -> Iterator[str]:
    """Yield the chained errors and the places they were raised; they omit messages, which may name a customer."""
    seen: BaseException | None = error
    while seen is not None:
        yield f"{type(seen).__name__} {redacted(str(getattr(seen, 'code', '')))}".rstrip()
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
