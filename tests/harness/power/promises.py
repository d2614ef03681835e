"""Promises that the shop has made, and that must hold after any cut."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum


class Kept(StrEnum):
    ORDER = "order"
    MESSAGE = "message"
    STATE = "state"
    KEYS = "keys"
    CREDENTIALS = "credentials"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class Promise:
    """`name` has reached at least `level`; a message keeps the id in `words`."""

    kept: Kept
    name: str
    level: int = 0
    words: str = ""


def as_line(promise: Promise) -> bytes:
    return json.dumps(asdict(promise)).encode() + b"\n"


def as_text(promises: Iterable[Promise]) -> str:
    return b"".join(map(as_line, promises)).decode()


def said(words: bytes) -> list[Promise]:
    return [
        Promise(Kept(line["kept"]), line["name"], line["level"], line["words"])
        for line in map(json.loads, words.splitlines())
    ]


def held(promises: Iterable[Promise]) -> list[Promise]:
    """The strongest of each."""
    strongest: dict[tuple[Kept, str], Promise] = {}
    for promise in promises:
        known = strongest.get((promise.kept, promise.name))
        if known is None or promise.level >= known.level:
            strongest[promise.kept, promise.name] = promise
    return list(strongest.values())
