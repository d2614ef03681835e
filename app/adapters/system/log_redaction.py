"""Log redaction: masks phones, WhatsApp addresses, names, tokens and keys before they reach a log (X4)."""

import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

MASK: Final = "[…]"
_DEEPEST: Final = 8

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
    r"|(?<=[\\/]home[\\/])[^\\/]+|(?<=[\\/]Users[\\/])[^\\/]+"  # the person's name on this computer
    r"|(?:[0-9A-Fa-f]{2}[ ,:]){7,}[0-9A-Fa-f]{2}"  # hexadecimal bytes
    r"|[A-Za-z0-9+/_=.-]{32,}"  # keys and tokens
    r"|(?=[A-Za-z+/_=-]*\d)[A-Za-z0-9+/_=-]{20,}"  # shorter ones, told from words by a digit
    r"|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b"  # pairing codes
    r"|(?i:bearer)\s+\S+"
    r"|\+?\d(?:[\s().\-‐-―/]{0,3}\d){7,}"  # phones, and all other numbers as long
)
# Not the class of a method: `Pruner.run`.
_WORD = re.compile(r"(?<!\w)[^\W\d_]+(?:['’-][^\W\d_]+)*(?!\w|\.[a-z_])")
_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ]"
# Several words in capitals; single ones are abbreviations.
_SHOUTED = re.compile(rf"(?<!\w){_CAPITAL}+(?:[ '’-]+{_CAPITAL}{{2,}})+(?!\w)")
# Classes, abbreviations, and the capitalised words of libraries and of Node.
_NO_NAME = re.compile(
    r"(?!Ma?c[A-Z])(?:[A-Z]*[a-z]+[A-Z][A-Za-z]*|[A-Z]{2,}[a-z]+|[A-Z]+)"
    r"|Bad|Cannot|Closed|Closing|Connection|Could|Decrypted|Error|Exception|Failed|Failure|False|Future|Handle"
    r"|Invalid|Maximum|Missing|No|None|Not|Qt|Received|Request|Response|Retry|Server|Session|Stream|Task|The|This"
    r"|Timed|Timeout|True|Unable|Unexpected|Unhandled|Unknown|Warning",
    re.ASCII,
)


def redacted(text: str) -> str:
    """Return `text` with every part masked that could be personal or secret.

    A capitalised word could be a name, unless libraries are known to write it.
    """
    parts, end = [], 0
    for kept in _HARMLESS.finditer(text):
        parts += [_masked(text[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, _masked(text[end:])])


def redacted_value(value: object, deepest: int = _DEEPEST) -> object:
    """Return a log entry's field with the same masks, to a depth at which no field of ours lies."""
    match value:
        case bool() | None:
            return value
        case int() | float():
            return value if abs(value) < 10**7 else MASK
        case str():
            return redacted(value)
        case Mapping() if deepest:
            return {
                redacted(_spoken(name)): redacted_value(inner, deepest - 1) for name, inner in value.items()
            }
        case list() | tuple() | set() | frozenset() if deepest:
            return [redacted_value(inner, deepest - 1) for inner in value]
        case bytes() | bytearray() | memoryview() | Mapping() | list() | tuple() | set() | frozenset():
            return MASK
        case BaseException():
            # Its words may name a customer.
            return type(value).__name__
        case _:
            return redacted(_spoken(value))


class RedactionFilter(logging.Filter):
    """Filter on the root's handler, so that the records of every library pass it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.name = redacted(record.name)
        if isinstance(record.msg, dict | BaseException):
            said = [str(redacted_value(record.msg))]
        else:
            said = [redacted(_message(record))]
        if record.exc_info and record.exc_info[1]:
            said += _places(record.exc_info[1])
        record.msg, record.args = "\n".join(said), None
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def _masked(text: str) -> str:
    return _WORD.sub(_masked_name, _SHOUTED.sub(MASK, _PERSONAL.sub(MASK, text)))


def _masked_name(found: re.Match[str]) -> str:
    """Mask a capitalised word, and one in a script that has no capitals."""
    word = found[0]
    return word if word.islower() or _NO_NAME.fullmatch(word) else MASK


def _message(record: logging.LogRecord) -> str:
    """Return the record's words; a call with the wrong arguments must not fail its caller."""
    try:
        return record.getMessage()
    except Exception:  # noqa: BLE001 - the objects of any library
        return f"{record.msg} (wrong arguments)"


def _spoken(value: object) -> str:
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - the objects of any library
        return type(value).__name__


def _places(error: BaseException) -> Iterator[str]:
    """Yield the chained errors and the places they were raised; they omit messages, which may name a customer."""
    seen: BaseException | None = error
    while seen is not None:
        yield f"{type(seen).__name__} {redacted(_spoken(getattr(seen, 'code', '')))}".rstrip()
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
