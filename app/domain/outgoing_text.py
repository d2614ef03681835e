"""Last check of every text to a customer, and cleaning of its values (T7)."""

import re
from typing import Final

from app.domain.errors import TemplateEmptyError, TemplateTooLongError, TextBracesError, TextBrokenError
from app.domain.visible_text import visible_text

LONGEST: Final = 4096

_BRACES: Final = ("{{", "}}", "[[", "]]")
# Replacement character for a lost sign, and half of a pair that makes one sign.
_BROKEN: Final = re.compile("[\ufffd\ud800-\udfff]")

_VALUE_SIGNS: Final = str.maketrans(dict.fromkeys("{}[]`"))
_LETTER: Final = r"[^\W_]"
# WhatsApp reads these as formatting at the edge of a word only.
_EDGE_MARKS: Final = re.compile(rf"(?<!{_LETTER})[*_~]+|[*_~]+(?!{_LETTER})")
_LINE_MARKS: Final = re.compile(r"^(?:>\s*|[-•]\s+)+")
_LIST_NUMBER: Final = re.compile(r"^(\d{1,3})\.(?=\s)")


def outgoing_text(text: str) -> str:
    """Return the text as its customer reads it; idempotent for a text that can be sent.

    Raises TextBrokenError, TemplateEmptyError, TextBracesError, TemplateTooLongError.
    """
    refuse_broken(text)
    shown = visible_text(text).strip()
    if not shown:
        raise TemplateEmptyError
    for sign in _BRACES:
        if sign in shown:
            raise TextBracesError(sign=sign)
    if len(shown) > LONGEST:
        raise TemplateTooLongError(length=len(shown), longest=LONGEST)
    return shown


def refuse_broken(text: str) -> None:
    """Raise TextBrokenError if a sign of the text was lost on its way here."""
    if _BROKEN.search(text):
        raise TextBrokenError


def value_text(value: str, *, lines: bool = False) -> str:
    """Return a value that leaves formatting and meaning of the text around it unchanged.

    Braces, brackets and back quotes go; so do `*`, `_` and `~` at a word's edge, and the marks of a quote or a list at
    the beginning of a line, where `1.` becomes `1)`. Line breaks become spaces, unless `lines`.
    """
    plain = visible_text(_BROKEN.sub("", value)).translate(_VALUE_SIGNS)
    return "\n".join(map(_value_line, plain.split("\n") if lines else [plain])).strip()


def _value_line(line: str) -> str:
    unmarked = _LINE_MARKS.sub("", " ".join(_EDGE_MARKS.sub("", line).split()))
    return _LIST_NUMBER.sub(r"\1)", unmarked)
