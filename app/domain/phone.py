"""Telephone number in E.164 that is masked in logs and tracebacks."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Phone:
    """Number in E.164 with its plus sign; the `phone_numbers` port parses it from typed text."""

    number: str

    def __repr__(self) -> str:
        return f"Phone({self.masked})"

    __str__ = __repr__

    @property
    def text(self) -> str:
        """Stored text of the address."""
        return self.number

    @property
    def masked(self) -> str:
        """Masked form for any place: `+55 73 9••••-8537` (P3)."""
        digits = self.number[1:]
        tail = digits[-4:]
        if self._has_area_code:
            lead = digits[4] if len(digits) == 13 else ""
            return f"+55 {digits[2:4]} {lead}••••-{tail}"
        return f"+{digits[:2]} ••••{tail}"

    @property
    def national(self) -> str:
        """`(73) 99954-8537`, as people write it; numbers of other countries unchanged."""
        digits = self.number[1:]
        if not self._has_area_code:
            return self.number
        return f"({digits[2:4]}) {digits[4:-4]}-{digits[-4:]}"

    @property
    def _has_area_code(self) -> bool:
        """Whether it is a Brazilian number with an area code; that of a place never ends in 0, and 800 has none."""
        digits = self.number[1:]
        return digits.startswith("55") and len(digits) in (12, 13) and digits[3] != "0"


NO_PHONE = Phone("")
"""Phone of an order without a valid one; no message is ever sent to it."""


# Place and value of the further digit of the longer spelling, counted after the plus sign:
# Brazil's ninth digit after the area code, Mexico's 1 and Argentina's 9 after the country's own.
_FURTHER_DIGIT: Final = {"55": (4, "9"), "52": (2, "1"), "54": (2, "9")}
_SHORT: Final = 12
_OLD_MOBILE: Final = "6789"
_BRAZIL: Final = "+55"


def customer_forms(phone: Phone) -> tuple[Phone, ...]:
    """Return every spelling of one number, short one first, the same for each spelling.

    WhatsApp registers an account under one of them and a person types either, so an opt-out, a reply and a sender count
    for all of them, with any following digits.
    """
    digits = phone.number[1:]
    at, further = _FURTHER_DIGIT.get(digits[:2], (0, ""))
    if further and len(digits) == _SHORT + 1 and digits[at] == further:
        digits = digits[:at] + digits[at + 1 :]
    if not further or len(digits) != _SHORT:
        return (phone,)
    return Phone(f"+{digits}"), Phone(f"+{digits[:at]}{further}{digits[at:]}")


def account_forms(phone: Phone) -> tuple[Phone, ...]:
    """Return the spellings under which an account may be registered, the given one first (P2)."""
    local = phone.number[5:]
    if phone.number.startswith(_BRAZIL) and len(local) == 8 and local[0] not in _OLD_MOBILE:
        return (phone,)
    return (phone, *(form for form in customer_forms(phone) if form != phone))


def index_form(phone: Phone) -> Phone:
    """Return the spelling for the saved blind index; this rule never changes.

    An opt-out holds no number, so its index cannot be made anew: under another rule it would no longer be found. A
    spelling that is learnt later is looked up beside it, by `customer_forms`.
    """
    return customer_forms(phone)[0] if phone.number.startswith(_BRAZIL) else phone
