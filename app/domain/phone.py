"""A telephone number in E.164 that does not show itself by accident."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phone:
    """`number` is E.164 with its plus sign; the `phone_numbers` port makes it from what people type."""

    number: str

    def __repr__(self) -> str:
        return f"Phone({self.masked})"

    __str__ = __repr__

    @property
    def masked(self) -> str:
        """What may be shown anywhere: `+55 73 9••••-8537` (P3)."""
        digits = self.number[1:]
        tail = digits[-4:]
        if digits.startswith("55") and len(digits) in (12, 13):
            lead = digits[4] if len(digits) == 13 else ""
            return f"+55 {digits[2:4]} {lead}••••-{tail}"
        return f"+{digits[:2]} ••••{tail}"

    @property
    def national(self) -> str:
        """`(73) 99954-8537`, as people write it; numbers of other countries as they are."""
        digits = self.number[1:]
        if not digits.startswith("55") or len(digits) not in (12, 13):
            return self.number
        return f"({digits[2:4]}) {digits[4:-4]}-{digits[-4:]}"


NO_PHONE = Phone("")
"""Of an order whose phone is none; nothing is ever sent to it."""


def ninth_digit_forms(phone: Phone) -> tuple[Phone, ...]:
    """The number as given first, then with or without the Brazilian ninth digit where that form may exist (P2)."""
    digits = phone.number[1:]
    if not digits.startswith("55"):
        return (phone,)
    area, local = digits[2:4], digits[4:]
    if len(local) == 9 and local.startswith("9"):
        return (phone, Phone(f"+55{area}{local[1:]}"))
    if len(local) == 8 and local[0] in "6789":
        return (phone, Phone(f"+55{area}9{local}"))
    return (phone,)
