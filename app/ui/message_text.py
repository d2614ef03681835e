"""Converter from WhatsApp's markup to HTML: *bold*, _italic_, ~struck~, ```mono```; other markup is escaped."""

import html
import re
from typing import Final

_MONO: Final = re.compile(r"```(.+?)```", re.DOTALL)
_TAG: Final = re.compile(r"</?(?:b|i|s|code)>")
_LETTER: Final = r"[^\W_]"
_LINE_MARKS: Final = (("*", "b"), ("_", "i"), ("~", "s"))


def message_html(text: str) -> str:
    """Convert the text to HTML; tags within the text are escaped."""
    parts = _MONO.split(html.escape(text, quote=True))
    # re.split with one group yields the text inside the marks at odd indexes.
    shown = (f"<code>{part}</code>" if at % 2 else _marked(part) for at, part in enumerate(parts))
    return "".join(shown).replace("\n", "<br>")


def message_line(text: str) -> str:
    """Return the text on one line without marks, as in a list of chats."""
    return " ".join(html.unescape(_TAG.sub("", message_html(text).replace("<br>", " "))).split())


def _marked(text: str) -> str:
    for mark, tag in _LINE_MARKS:
        sign = re.escape(mark)
        # As on the phone: a mark touches the enclosed text, stands at a word's edge, and does not cross a line.
        word = rf"{_LETTER}|{sign}"
        within = rf"[^\n{sign}]|(?<={_LETTER}){sign}(?={_LETTER})"
        pattern = rf"(?<!{word}){sign}(?=[^\s{sign}])((?:{within})*?[^\s{sign}]){sign}(?!{word})"
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return text
