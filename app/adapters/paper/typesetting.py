"""Typesetting in the shop's typeface: fonts, line breaks, fitting sizes."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

Font = ImageFont.FreeTypeFont
# Emoji and control characters are not in the typeface and would print as empty boxes.
_NOT_SET = frozenset({"So", "Cs", "Co", "Cn", "Cc", "Cf"})


@dataclass(frozen=True, slots=True)
class Typesetter:
    """Fonts of the typeface, from its folder."""

    folder: Path

    def font(self, weight: str, size: int) -> Font:
        return _font(self.folder / f"Inter-{weight}.otf", size)

    def fitting(self, words: str, weight: str, size: int, width: int, smallest: int) -> Font:
        """Return the largest font, up to `size`, with which the words fit one line."""
        while size > smallest and self.font(weight, size).getlength(words) > width:
            size -= 2
        return self.font(weight, size)


def lines_of(words: str, font: Font, width: int) -> list[str]:
    """Break the words into lines at spaces, but not at no-break spaces; a word wider than a line is cut."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return [_cut(line, font, width) for line in lines]


def balanced(words: str, font: Font, width: int) -> list[str]:
    """Break the words into as few lines as possible, all of about the same length."""
    lines = lines_of(words, font, width)
    narrower = width
    while (
        narrower > 0 and len(tried := lines_of(words, font, narrower)) == len(lines) and "…" not in tried[-1]
    ):
        lines, narrower = tried, narrower - 20
    return lines


def settable(words: str) -> str:
    """Return the words without characters that the typeface cannot show."""
    kept = "".join(sign for sign in " ".join(words.split()) if unicodedata.category(sign) not in _NOT_SET)
    return " ".join(kept.split())


def _cut(line: str, font: Font, width: int) -> str:
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line}…"


@lru_cache(maxsize=64)
def _font(file: Path, size: int) -> Font:
    return ImageFont.truetype(str(file), size)
