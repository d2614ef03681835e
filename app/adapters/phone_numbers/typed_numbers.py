"""PhoneNumbers port: parses typed telephone numbers to E.164 (P1)."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberFormat

from app.adapters.phone_numbers.abroad import foreign_number, parsed_number
from app.adapters.phone_numbers.brazil import national_number
from app.domain.errors import InvalidPhoneError
from app.domain.phone import Phone

_LABELS = re.compile(
    r"\b(?:tel|telefone|fone|cel|celular|contato|numero|n[uú]mero|zap|zapzap|whats|whatsapp|wpp|wats)\b[.:]?",
    re.IGNORECASE,
)
# People write the trunk prefix with its carrier left open: 0xx73.
_OPEN_CARRIER = re.compile(r"^\D*0\s*xx", re.IGNORECASE)
# A number is parsed with every message of its order, and parsing costs more than queueing a message.
_REMEMBERED: Final = 1000


class TypedNumbers:
    """Parser of typed numbers; `default_area`, the shop's present area code, completes a local one."""

    def __init__(self, default_area: Callable[[], str]) -> None:
        self._default_area = default_area
        self._parse_cached = lru_cache(_REMEMBERED)(_parse)

    def parse(self, typed: str) -> Phone:
        return self._parse_cached(typed, self._default_area())


def _parse(typed: str, default_area: str) -> Phone:
    text = _OPEN_CARRIER.sub("0", _LABELS.sub(" ", _normalized(typed))).strip()
    if any(sign.isalpha() for sign in text):
        raise InvalidPhoneError(reason="letters")
    digits = "".join(str(unicodedata.digit(sign)) for sign in text if sign.isdigit())
    if not digits:
        raise InvalidPhoneError(reason="not_a_number" if text else "empty")
    international = text.lstrip("( ").startswith("+")
    if not international and digits.startswith("00"):
        international, digits = True, digits[2:]
    if international and not digits.startswith("55"):
        return Phone(foreign_number(digits))
    digits = digits[2:] if international else digits
    national = national_number(digits, default_area=default_area, country_given=international)
    return _validated(f"+55{national}")


def _normalized(typed: str) -> str:
    """Return plain forms of wide or raised characters, without a copied number's invisible marks."""
    plain = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")


def _validated(number: str) -> Phone:
    parsed = parsed_number(number)
    if not phonenumbers.is_valid_number(parsed):
        raise InvalidPhoneError(reason="not_a_number")
    return Phone(phonenumbers.format_number(parsed, PhoneNumberFormat.E164))
