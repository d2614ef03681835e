"""Parsing of telephone numbers and usernames of WhatsApp."""

import re

from app.domain.lid import Address, Lid
from app.domain.phone import Phone

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
# A username without a letter could pass for a telephone number.
_USERNAME = re.compile(r"(?=[\d._]*[a-z])[a-z\d._]{3,30}", re.ASCII)
_BY_NUMBER = re.compile(r"(\d{5,20})(?::\d+)?@s\.whatsapp\.net")


def phone_of(jid: str) -> Phone | None:
    """Return the number of an address, or None where it is hidden.

    `5573…:12@s.whatsapp.net` names a number and a device; an address `…@lid` hides its number.
    """
    match = _BY_NUMBER.fullmatch(jid)
    return Phone(f"+{match[1]}") if match else None


def jid_of(address: Address) -> str:
    """Return the address of a customer as WhatsApp spells it."""
    return address.text if isinstance(address, Lid) else f"{address.number[1:]}@s.whatsapp.net"


def number_of(text: str) -> Phone | None:
    """Return the phone of a number in E.164, or None for any other text."""
    return Phone(text) if _NUMBER.fullmatch(text) else None


def username_of(text: str | None) -> str | None:
    """Return a username as WhatsApp allows it, or None for any other text."""
    return text if text is not None and _USERNAME.fullmatch(text) else None
