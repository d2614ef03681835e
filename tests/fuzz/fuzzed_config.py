"""Texts of `config.toml` made by chance: right and wrong names and values, tables, cut lines and odd bytes."""

from random import Random  # noqa: TID251 - from a seed
from typing import Final

from app.domain.settings import SETTINGS
from tests.corpus import given_texts
from tests.fuzz.fuzzed_lines import broken

_WORDS: Final = given_texts("texts", "names", "values", "words")
_NAMES: Final = (*SETTINGS, "shop_name", "SHOP-NAME", "RETENTION", "COLOR", "a.b", '"SHOP NAME"')
_VALUES: Final = (
    *("1", "-1", "10", "90", "1.5", "true", "false", "inf", "nan", "0x10", "1979-05-27", "07:32:00"),
    *("[]", "[1, 2]", "{}", "{ a = 1 }", "[{ SHOP_NAME = 1 }]", '""', "''", "9" * 5000, "[" * 500),
)


def made_config(chance: Random) -> bytes:
    """Return the bytes of one file."""
    lines = [_line(chance) for _ in range(chance.randrange(6))]
    content = "\n".join(lines).encode(chance.choice(["utf-8"] * 4 + ["utf-16", "latin-1"]), "replace")
    return broken(content, chance) if chance.random() < 0.2 else content


def _line(chance: Random) -> str:
    if chance.random() < 0.1:
        return chance.choice(["[shop]", "[[shop]]", "[SHOP_NAME]", "# " + chance.choice(_WORDS), "["])
    word = chance.choice(_WORDS)
    value = chance.choice([chance.choice(_VALUES), f'"{word}"', f"'{word}'", repr(word)])
    return f"{chance.choice(_NAMES)} = {value}"
