"""LID: WhatsApp's id of an account, by which a customer without a visible number is known."""

import re
from dataclasses import dataclass, field
from typing import Final

from app.domain.phone import NO_PHONE, Phone, customer_forms

_LID: Final = re.compile(r"(\d{1,24})(?::\d{1,5})?@(?:hosted\.)?lid", re.ASCII)


@dataclass(frozen=True, slots=True)
class Lid:
    """LID of an account, without a device part; `text` is also the address for a message (K3).

    Personal like a number: masked in logs and tracebacks, and no screen shows it (K5).
    """

    text: str = field(repr=False)

    def __str__(self) -> str:
        return repr(self)


Address = Phone | Lid
"""Customer address: a telephone number, the LID of an account with a hidden number, or NO_PHONE for none."""


def address_forms(address: Address) -> tuple[Address, ...]:
    """Return every spelling of a customer's address, the same first one for each; a LID has a single spelling."""
    return customer_forms(address) if isinstance(address, Phone) else (address,)


def lid_of(text: str | None) -> Lid | None:
    """Return the LID in WhatsApp's spelling, of whichever device and host; None for any other text."""
    match = _LID.fullmatch(text or "")
    return Lid(f"{match[1]}@lid") if match else None


def address_of(stored: str) -> Address:
    """Return the address from its stored text."""
    return lid_of(stored) or Phone(stored) if stored else NO_PHONE
