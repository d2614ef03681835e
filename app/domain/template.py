"""Template of a message: variables, optional sections, and the check of its content.

A variable is `{{name}}`; `[[ … ]]` is a section that disappears when a variable inside it is empty (T2).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import (
    TemplateEmptyError,
    TemplateTooLongError,
    UnclosedVariableError,
    UnknownVariableError,
)
from app.domain.order import NotificationType
from app.domain.outgoing_text import LONGEST, outgoing_text, refuse_broken, value_text
from app.domain.visible_text import is_blank, visible_text

VARIABLES = frozenset(
    {
        "customerName",
        "firstName",
        "orderNumber",
        "items",
        "orderTotal",
        "tableNumber",
        "estimatedTime",
        "orderNotes",
        "shopName",
        "shopAddress",
        "shopPhone",
        "customMessage",
    }
)

# The values that may have lines of their own.
_OF_LINES = frozenset({"items", "customMessage"})

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_SECTION = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """One wording of a type; `id` is stable over its versions."""

    id: str
    type: NotificationType
    content: str
    is_active: bool = True

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of its variables, each once, in order of appearance."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.shown)))

    @property
    def shown(self) -> str:
        """Wording without invisible signs, which could hide one bracket from the next."""
        return visible_text(self.content)


def check(template: MessageTemplate) -> None:
    """Refuse a template that cannot be rendered whole: unknown or unclosed variables, stray brackets, wrong length."""
    if is_blank(template.content):
        raise TemplateEmptyError
    refuse_broken(template.content)
    if len(template.content) > LONGEST:
        raise TemplateTooLongError(length=len(template.content), longest=LONGEST)
    for name in template.variables:
        if name not in VARIABLES:
            raise UnknownVariableError(variable=name or "{{}}")
    words = _VARIABLE.sub("", template.shown)
    shown, vanished = _SECTION.sub(lambda section: section[1], words), _SECTION.sub("", words)
    for stray in ("{{", "}}", "[[", "]]", "{", "}"):
        if stray in shown or stray in vanished:
            raise UnclosedVariableError(sign=stray)


def render(template: MessageTemplate, values: Mapping[str, str]) -> str:
    """Return the text as the customer reads it; raises the errors of `check` and `outgoing_text`."""
    check(template)
    clean = {name: value_text(values.get(name, ""), lines=name in _OF_LINES) for name in VARIABLES}
    kept = _SECTION.sub(lambda section: _section(section[1], clean), template.shown)
    text = _VARIABLE.sub(lambda variable: clean[variable[1]], kept)
    return outgoing_text(_BLANK_LINES.sub("\n\n", text).strip()[:LONGEST])


def _section(content: str, values: Mapping[str, str]) -> str:
    names: list[str] = _VARIABLE.findall(content)
    return content if all(values[name] for name in names) else ""
