"""Messages of customers made by chance: any kind about any message, odd texts, and bytes that are no message."""

import base64
from random import Random  # noqa: TID251 - from a seed
from typing import Any, Final

from tests.corpus import given_texts

_WORDS: Final = given_texts("texts", "names", "values", "words")
_KINDS: Final = (
    *(
        "text",
        "extended",
        "ephemeral",
        "view_once",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "location",
    ),
    *(
        "contact",
        "reaction",
        "poll",
        "revoke",
        "edit",
        "wrapped_edit",
        "secret_edit",
        "album",
        "pin",
        "keep",
        "vote",
    ),
    *("call", "payment"),
)
_PLACES: Final = ("chat", "chat", "chat", "chat", "group", "status", "newsletter")
# Of proto.Message: conversation, image, contact, extended text, protocol, ephemeral, reaction, poll, edit, album.
_FIELDS: Final = (1, 3, 4, 6, 12, 40, 46, 49, 58, 82, 83, 77, 26, 35, 60, 63, 500)
_DEEP: Final = 40


def made_message(chance: Random, known: list[str]) -> dict[str, Any]:
    """Return the fields of one request to the simulated customer; `known` are ids written before."""
    about = chance.choice(known) if known and chance.random() < 0.7 else f"T{chance.randrange(1000)}"
    message = {
        "kind": chance.choice(_KINDS),
        "place": chance.choice(_PLACES),
        "about": about,
        "text": _text(chance),
    }
    if chance.random() < 0.3:
        message["raw"] = base64.b64encode(_raw(chance)).decode("ascii")
    if chance.random() < 0.1:
        message["id"] = chance.choice(["an odd id", "é", "x" * 300, "\u202e", "'; --", "0"])
    return message


def _text(chance: Random) -> str:
    text = chance.choice(_WORDS) * (5000 if chance.random() < 0.01 else 1)
    # JSON to the simulator holds no half of a pair; raw messages bring those.
    return text.encode("utf-8", "ignore").decode("utf-8")


def _raw(chance: Random) -> bytes:
    match chance.randrange(4):
        case 0:
            return chance.randbytes(chance.randrange(200))
        case 1:
            return _nested(chance, _DEEP)
        case 2:
            # Half of a surrogate pair, as UTF-8 does not allow it.
            return _field(1, b"Oi\xed\xa0\xbd" + chance.randbytes(4))
        case _:
            return b"".join(_nested(chance, 3) for _ in range(chance.randrange(6)))


def _nested(chance: Random, depth: int) -> bytes:
    inner = chance.randbytes(chance.randrange(40))
    for _ in range(chance.randrange(1, depth + 1)):
        inner = _field(chance.choice((1, 1, 1, *_FIELDS)), inner)
    return inner


def _field(number: int, value: bytes) -> bytes:
    """One field of protobuf with a length and these bytes."""
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def _varint(number: int) -> bytes:
    head = b""
    while number > 0x7F:
        head += bytes([number & 0x7F | 0x80])
        number >>= 7
    return head + bytes([number])
