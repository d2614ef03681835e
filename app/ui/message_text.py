"""Shows a message's text as WhatsApp does: *bold*, _italic_, ~struck~, ```mono```, and nothing else of it as markup."""

import html
import re
from typing import Final

_MONO: Final = re.compile(r"```(.+?)```", re.DOTALL)
_TAG: Final = re.compile(r"</?(?:b|i|s|code)>")
_LETTER: Final = r"[^\W_]"
_LINE_MARKS: Final = (("*", "b"), ("_", "i"), ("~", "s"))


def message_html(text: str) -> str:
    """HTML that holds no other tags than ours, whatever the text holds."""
    parts = _MONO.split(html.escape(text, quote=True))
    # A split by one group leaves what was inside the marks at every odd place.
    shown = (f"<code>{part}</code>" if at % 2 else _marked(part) for at, part in enumerate(parts))
    return "".join(shown).replace("\n", "<br>")


def message_line(text: str) -> str:
    """The text on one line, without marks, as a list of chats shows it."""
    return " ".join(html.unescape(_TAG.sub("", message_html(text).replace("<br>", " "))).split())


def _marked(text: str) -> str:
    for mark, tag in _LINE_MARKS:
        sign = re.escape(mark)
        # As on the phone: a mark touches what it encloses, stands at a word's edge, and does not cross a line.
        word = rf"{_LETTER}|{sign}"
        within = rf"[^\n{sign}]|(?<={_LETTER}){sign}(?={_LETTER})"
        pattern = rf"(?<!{word}){sign}(?=[^\s{sign}])((?:{within})*?[^\s{sign}]){sign}(?!{word})"
        text = re.sub(pattern, rf"<{tag}>\1</{tag}>", text)
    return text
