"""Decoding of bytes from outside: text only where unambiguous; a passphrase has one form."""

import unicodedata

import pytest

from app.domain.text_decoding import canonical_passphrase, decode_text, passphrase_spellings

COMPOSED = "açaí na tigela"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


@pytest.mark.requirement("Z5")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_decode_text_takes_an_encoding_that_is_unambiguous(encoding: str) -> None:
    assert decode_text("açaí\n".encode(encoding)) == "açaí\n"


@pytest.mark.requirement("Z5")
def test_decode_text_takes_utf_16_in_both_byte_orders() -> None:
    assert decode_text(b"\xff\xfe" + "açaí".encode("utf-16-le")) == "açaí"
    assert decode_text(b"\xfe\xff" + "açaí".encode("utf-16-be")) == "açaí"


@pytest.mark.requirement("Z5")
@pytest.mark.parametrize(
    "raw",
    [
        "açaí".encode("latin-1"),
        "chave".encode("utf-16-le"),
        "chave".encode("utf-32"),
        b"\xff\xfea",
        b"\xed\xa0\x80",
        b"a\0b",
    ],
)
def test_decode_text_refuses_whole_what_could_be_read_in_two_ways(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeDecodeError or our own
        decode_text(raw)


@pytest.mark.requirement("Z7")
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, f"{COMPOSED}\n", f"{DECOMPOSED}\r\n"])
def test_a_passphrase_has_one_form_however_it_was_typed(typed: str) -> None:
    assert canonical_passphrase(typed) == COMPOSED
    assert passphrase_spellings(typed)[0] == COMPOSED
    assert typed in passphrase_spellings(typed)
    assert DECOMPOSED in passphrase_spellings(typed)


@pytest.mark.requirement("Z7")
def test_a_passphrase_keeps_its_spaces_and_its_case() -> None:
    assert passphrase_spellings(" Senha 1X") == (" Senha 1X",)
