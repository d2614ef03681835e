"""Text from outside the program: bytes decoded strictly, secrets in one canonical form (Z5, Z7)."""

import unicodedata
from typing import Final

_BYTE_ORDER_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def decode_text(raw: bytes) -> str:
    """Return the text of a file: UTF-8, or the encoding of its byte order mark; raises ValueError.

    Other encodings cannot be told apart by their bytes, so that they are refused and never guessed.
    """
    mark, encoding = next((found for found in _BYTE_ORDER_MARKS if raw.startswith(found[0])), (b"", "utf-8"))
    text = raw[len(mark) :].decode(encoding)
    if "\0" in text:
        # UTF-16 without its mark, UTF-32, or no text at all.
        raise ValueError("NUL in a text file")
    return text


def canonical_passphrase(typed: str) -> str:
    """Return the form in which a passphrase makes a key: composed (NFC), without line breaks at its end."""
    return unicodedata.normalize("NFC", typed.rstrip("\r\n"))


def passphrase_spellings(typed: str) -> tuple[str, ...]:
    """Return the spellings under which a passphrase may have wrapped a key, canonical first.

    Versions up to 0.1.0 took it as it was given: with its line break, and decomposed on a Mac.
    """
    canonical = canonical_passphrase(typed)
    return tuple(dict.fromkeys((canonical, typed, unicodedata.normalize("NFD", canonical))))
