"""Parsing of telephone numbers from WhatsApp addresses (JIDs)."""

import re

from app.domain.phone import Phone

_BY_NUMBER = re.compile(r"(\d{5,20})(?::\d+)?@s\.whatsapp\.net")


def phone_of(jid: str) -> Phone | None:
    """Return the number of an address, or None where it is hidden.

    `5573…:12@s.whatsapp.net` names a number and a device; an address `…@lid` hides its number.
    """
    match = _BY_NUMBER.fullmatch(jid)
    return Phone(f"+{match[1]}") if match else None
