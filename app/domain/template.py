"""The wording of a message: variables, sections that vanish, and what may never reach a customer.

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
LONGEST = 4096

# The values that may have lines of their own.
_OF_LINES = frozenset({"items", "customMessage"})
_SIGNS = "{}[]"
# They turn the reading direction of what stands around them.
_TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(rf"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff{_TURNING}]")

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
        """The names it uses, each once, in order of appearance."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.content)))


def check(template: MessageTemplate) -> None:
    """Refuse what could not be rendered whole: unknown or unclosed variables, stray brackets, wrong length."""
    if not template.content.strip():
        raise TemplateEmptyError
    if len(template.content) > LONGEST:
        raise TemplateTooLongError(length=len(template.content), longest=LONGEST)
    for name in template.variables:
        if name not in VARIABLES:
            raise UnknownVariableError(variable=name or "{{}}")
    rest = _SECTION.sub(lambda section: section[1], _VARIABLE.sub("", template.content))
    for stray in ("{{", "}}", "[[", "]]", "{", "}"):
        if stray in rest:
            raise UnclosedVariableError(sign=stray)


def render(template: MessageTemplate, values: Mapping[str, str]) -> str:
    """The text as the customer reads it; raises what `check` raises."""
    check(template)
    clean = {name: _clean(values.get(name, ""), lines=name in _OF_LINES) for name in VARIABLES}
    kept = _SECTION.sub(lambda section: _section(section[1], clean), template.content)
    text = _VARIABLE.sub(lambda variable: clean[variable[1]], kept)
    return _BLANK_LINES.sub("\n\n", text).strip()[:LONGEST]


def _section(content: str, values: Mapping[str, str]) -> str:
    names: list[str] = _VARIABLE.findall(content)
    return content if all(values[name] for name in names) else ""


def _clean(value: str, *, lines: bool) -> str:
    """A customer may type braces or worse into a name; they are not ours to interpret nor to show."""
    plain = _INVISIBLE.sub("", value.translate(dict.fromkeys(map(ord, _SIGNS))))
    parts = plain.splitlines() if lines else [plain]
    return "\n".join(" ".join(part.split()) for part in parts).strip()
