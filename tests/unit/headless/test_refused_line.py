"""Refused lines that are not whole UTF-8: the id and the field at fault."""

import json

import pytest

from app.domain.errors import BadFieldError, UnknownCommandError
from app.headless.commands import read_command
from app.headless.refused_line import decoded, id_of

pytestmark = pytest.mark.requirement("Z5")
HALF = "\\ud83d"


@pytest.mark.parametrize(
    ("line", "field", "identity"),
    [
        (b'{"id": 3, "command": "custom", "text": "caf\xe9"}', "text", 3),
        (b'{"id": "a", "command": "order", "items": [{"name": "a\xe7ai"}]}', "items", "a"),
        (f'{{"id": 4, "command": "custom", "text": "{HALF}"}}'.encode(), "text", 4),
        (f'{{"command": "custom", "text": "x", "phone": "{HALF}a"}}'.encode(), "phone", None),
    ],
)
def test_decoded_names_the_field_that_holds_broken_signs(
    line: bytes, field: str, identity: int | str | None
) -> None:
    with pytest.raises(BadFieldError) as refusal:
        decoded(line)
    assert refusal.value.facts == {"field": field, "reason": "not_utf8"}
    assert id_of(line) == identity


@pytest.mark.parametrize("line", [b"\xff\xfe\x80", b"\xff\xfe{\x00}\x00", b'{"n\xe3o": 1}', b'["\xe3"]'])
def test_decoded_refuses_a_line_without_a_field_to_blame(line: bytes) -> None:
    with pytest.raises(UnknownCommandError) as refusal:
        decoded(line)
    assert refusal.value.facts == {"reason": "not_utf8"}
    assert id_of(line) is None


@pytest.mark.parametrize("text", ["açaí 🥥", "\N{REPLACEMENT CHARACTER}", "👩\u200d🍳"])
def test_decoded_takes_every_whole_text(text: str) -> None:
    for escaped in (True, False):
        line = json.dumps({"text": text}, ensure_ascii=escaped)
        if "\\u" not in line or "\ufffd" not in text:
            assert decoded(line.encode()) == line


@pytest.mark.parametrize("identity", ["true", "1.5", '"' + "x" * 201 + '"', str(2**63), f'"{HALF}"', "null"])
def test_id_of_repeats_no_id_that_is_none(identity: str) -> None:
    assert id_of(f'{{"id": {identity}}}'.encode()) is None


def test_id_of_outlives_a_line_that_nests_too_deep() -> None:
    assert id_of(b"[" * 100_000) is None


@pytest.mark.parametrize("text", [b"\\ud83c", b"\xe3"])
@pytest.mark.parametrize(("opened", "closed"), [(b'{"a":', b"}"), (b"[", b"]")])
@pytest.mark.parametrize("depth", [200, 480, 900])
def test_decoded_refuses_a_broken_text_at_any_depth(
    text: bytes, opened: bytes, closed: bytes, depth: int
) -> None:
    line = b'{"name":' + opened * depth + b'"' + text + b'"' + closed * depth + b"}"
    with pytest.raises(BadFieldError) as refusal:
        decoded(line)
    assert refusal.value.facts == {"field": "name", "reason": "not_utf8"}


def test_decoded_leaves_a_whole_text_that_nests_deep_to_be_refused() -> None:
    line = b'{"name":' + b'{"a":' * 900 + b'"\\u0041"' + b"}" * 900 + b"}"
    assert decoded(line).encode() == line
    with pytest.raises(UnknownCommandError):
        read_command(line.decode())
