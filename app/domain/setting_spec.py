"""Specification of a setting: kind, bounds, default, and when a change applies."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.visible_text import is_blank

SettingValue = str | int | bool

_LONGEST_SHOWN: Final = 60
_DIGITS: Final = re.compile(r"[+-]?[0-9]{1,18}")
_YES: Final = frozenset({"true", "1", "yes", "y", "on", "t"})
_NO: Final = frozenset({"false", "0", "no", "n", "off", "f"})


class SettingKind(StrEnum):
    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"


class Applies(StrEnum):
    """Moment from which a changed setting is in force."""

    AT_ONCE = "at_once"
    AT_NEXT_START = "at_next_start"


class Unit(StrEnum):
    """Unit of a number."""

    MILLISECONDS = "milliseconds"
    SECONDS = "seconds"
    MINUTES = "minutes"
    DAYS = "days"
    ATTEMPTS = "attempts"
    ROWS = "rows"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingSpec:
    """Bounds of one setting: `least` and `most` limit a number, or the length of a text."""

    name: str = ""
    kind: SettingKind
    default: SettingValue
    applies: Applies = Applies.AT_ONCE
    least: int = 0
    most: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    """Regular expression of the whole text."""
    unit: Unit | None = None
    on_screen: bool = True
    """Whether the manager may change it in the program; the others belong to who runs the PC."""
    secret: bool = False
    zero: str = ""
    """Meaning of the number 0, for `allowed`."""
    wording: str = ""
    """Sentence for `allowed` where it does not follow from the bounds."""

    @property
    def allowed(self) -> str:
        """Allowed values in Portuguese, as the refusal of another one names them."""
        match self.kind:
            case SettingKind.NUMBER:
                zero = f" ({self.zero})" if self.zero else ""
                return f"um número de {self.least}{zero} a {self.most}"
            case SettingKind.CHOICE:
                return self.wording or f"{', '.join(self.choices[:-1])} ou {self.choices[-1]}"
            case SettingKind.FLAG:
                return "true ou false"
            case SettingKind.TEXT:
                length = f"{self.least} a {self.most}" if self.least else f"até {self.most}"
                return self.wording or f"{length} caracteres"

    def parse(self, written: object) -> SettingValue:
        """Return the value of this text, number or flag; raises ValueError for one that is not allowed."""
        match self.kind:
            case SettingKind.NUMBER:
                return self._bounded(_number(written))
            case SettingKind.CHOICE:
                # An area code is written as a number, too.
                return self._chosen(str(written) if _is_number(written) else written)
            case SettingKind.FLAG:
                return _flag(written)
            case SettingKind.TEXT:
                return self._text(written)

    def _bounded(self, number: int) -> int:
        if number < self.least or (self.most is not None and number > self.most):
            raise ValueError(self.allowed)
        return number

    def _chosen(self, written: object) -> str:
        if not isinstance(written, str) or written not in self.choices:
            raise ValueError(self.allowed)
        return written

    def _text(self, written: object) -> str:
        if not isinstance(written, str):
            raise ValueError(self.allowed)  # noqa: TRY004 - one error for each value that is not allowed
        written.encode()  # Raises for half a character, which no file and no message can hold.
        self._bounded(len(written))
        if (self.least and is_blank(written)) or (
            self.pattern and not re.fullmatch(self.pattern, written, re.DOTALL)
        ):
            raise ValueError(self.allowed)
        return written


def shown_value(written: object) -> str:
    """Return the beginning of a refused value, for the sentence of its refusal."""
    try:
        return str(written)[:_LONGEST_SHOWN]
    except ValueError:
        # A whole number of thousands of digits has no decimal form.
        return "…"


def _is_number(written: object) -> bool:
    """Whether it is a number; TOML's booleans are numbers in Python."""
    return isinstance(written, int) and not isinstance(written, bool)


def _number(written: object) -> int:
    if _is_number(written) or (isinstance(written, float) and written.is_integer()):
        return int(written)  # type: ignore[call-overload, no-any-return]
    if isinstance(written, str) and _DIGITS.fullmatch(written.strip()):
        return int(written)
    raise ValueError("no whole number")


def _flag(written: object) -> bool:
    word = str(written).strip().lower() if isinstance(written, bool | int | str) else ""
    if word in _YES | _NO:
        return word in _YES
    raise ValueError("neither true nor false")
