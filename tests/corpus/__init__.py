"""Inputs that people and other programs really send, each with its right outcome, as data.

A kind is a file `<kind>.toml` of `[[case]]` tables with `given`, `expect` and `why`. `<U+200B>` stands for that
sign and `<0xFF>` for that byte, so that what cannot be seen can be read.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

_SIGN: Final = re.compile(r"<U\+([0-9A-F]{4,6})>")
_BYTE: Final = re.compile(rb"<0x([0-9A-F]{2})>")


@dataclass(frozen=True, slots=True)
class Case:
    given: Any
    expect: Any
    why: str


def read_cases(kind: str) -> list[Case]:
    """Return the cases of a kind, as they stand in its file."""
    text = Path(__file__).with_name(f"{kind}.toml").read_text(encoding="utf-8")
    read = tomllib.loads(text)["case"]
    return [Case(_expanded(each["given"]), _expanded(each["expect"]), each["why"]) for each in read]


def each_case(kind: str) -> pytest.MarkDecorator:
    """Return the decorator that runs a test once for each case of a kind."""
    cases = read_cases(kind)
    return pytest.mark.parametrize(
        "case", cases, ids=[f"{at}-{case.why}" for at, case in enumerate(cases, 1)]
    )


def given_texts(*kinds: str) -> list[str]:
    """Return what is given in the cases of these kinds, for property tests to draw from."""
    return [case.given for kind in kinds for case in read_cases(kind) if isinstance(case.given, str)]


def as_bytes(given: str) -> bytes:
    return _BYTE.sub(lambda found: bytes([int(found[1], 16)]), given.encode("utf-8", "surrogatepass"))


def _expanded(value: Any) -> Any:
    if isinstance(value, list):
        return [_expanded(each) for each in value]
    return _SIGN.sub(lambda found: chr(int(found[1], 16)), value) if isinstance(value, str) else value
