"""Visible part of a text: the one definition of an invisible sign, and of a text that is empty to the eye."""

import re
import unicodedata
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# As wide as a letter, and empty.
_SPACES: Final = str.maketrans(dict.fromkeys("\t\u2800\u3164\uffa0", " "))
# Neither control signs nor format signs by their category, and yet drawn as no glyph.
_UNDRAWN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\ufe00-\ufe0f\ufff0-\ufff8\ufffc"
    "\U0001d159\U00016fe4\U000e0000-\U000e0fff\ufdd0-\ufdef]"
)
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs"})

_PICTURE: Final = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_TONE: Final = "[\U0001f3fb-\U0001f3ff]"
_ONE_PICTURE: Final = f"{_PICTURE}(?:{_TONE}\ufe0f?|[\ufe0e\ufe0f])?"
# England, Scotland and Wales spell their flags in signs that are invisible by themselves.
_REGION_FLAG: Final = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
_KEYCAP: Final = "[0-9#*]\ufe0f\u20e3"
_EMOJI: Final = re.compile(f"({_REGION_FLAG}|{_KEYCAP}|{_ONE_PICTURE}(?:\u200d{_ONE_PICTURE})*)")


def visible_text(text: str) -> str:
    """Return the text without invisible and direction-turning signs (T7).

    Joiners and variation selectors inside an emoji stay. Every line end becomes one `\\n`; a tab, and a sign that is
    only wide, a space.
    """
    plain = _LINE_ENDS.sub("\n", text).translate(_SPACES)
    if plain.isascii() and plain.isprintable():
        return plain
    # A split by one group leaves the emoji at every odd place.
    parts = _EMOJI.split(plain)
    return "".join(part if at % 2 else "".join(filter(_is_seen, part)) for at, part in enumerate(parts))


def is_blank(text: str) -> bool:
    """Return whether the text is empty to the eye."""
    return not visible_text(text).strip()


def _is_seen(sign: str) -> bool:
    if sign == "\n":
        return True
    return unicodedata.category(sign) not in _HIDDEN_CATEGORIES and not _UNDRAWN.match(sign)
