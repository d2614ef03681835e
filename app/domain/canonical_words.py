"""Canonical form for comparing people's words: PARAR, VOLTAR, the claim of an order, names in a search."""

import unicodedata
from typing import Final

from app.domain.visible_text import visible_text

_SMALL_CAPITALS: Final = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))


def _alphabet(first: int) -> dict[str, str]:
    """Return the plain letters for 26 signs in the order of the alphabet."""
    return {chr(first + place): chr(ord("a") + place) for place in range(26)}


# Letters of a styled keyboard that Unicode does not name as a form of the plain ones.
_STYLED: Final = str.maketrans(
    {
        **_SMALL_CAPITALS,
        **_alphabet(0x249C),  # in parentheses
        **_alphabet(0x1F110),  # in parentheses, capitals
        **_alphabet(0x1F150),  # white in a black circle
        **_alphabet(0x1F170),  # white in a black square
    }
)

# All words searched for are far shorter; a text of megabytes is not worth normalizing.
_SHORT: Final = 200
_SHORT_WITH_INVISIBLES: Final = 4096


def is_short(text: str) -> bool:
    """Return whether the text can be one of the words searched for; invisible signs do not count."""
    if len(text) <= _SHORT:
        return True
    return len(text) <= _SHORT_WITH_INVISIBLES and len(visible_text(text)) <= _SHORT


def canonical_words(text: str) -> str:
    """Return letters and digits in plain lower case, words separated by one space; other signs only separate.

    Accents, invisible signs and the style of a letter (mathematical, full-width, circled) make no difference.
    """
    styled = visible_text(text).translate(_STYLED)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", styled).casefold())
    return " ".join("".join(map(_plain, folded)).split())


def _plain(sign: str) -> str:
    """Return the sign's plain form; accents, and invisible signs that join pictures, do not separate a word."""
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return ""
    digit = unicodedata.digit(sign, None) if category[0] == "N" else None
    if digit is not None:
        return str(digit)
    return sign if category[0] in "LN" else " "
