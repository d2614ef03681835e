"""Address of an order: the LID or number by which WhatsApp named the customer's account, or the number as typed."""

import re
from typing import Final

from app.domain.errors import InvalidPhoneError
from app.domain.lid import Address, lid_of
from app.domain.order import Order
from app.domain.phone import Phone, customer_forms
from app.ports.phone_numbers import PhoneNumbers

_NAMED: Final = re.compile(r"\+\d{5,20}", re.ASCII)


def phone_of_order(phone_numbers: PhoneNumbers, order: Order) -> Address:
    """Return the order's address; raises InvalidPhoneError for a typed one that is invalid.

    A number that WhatsApp named is never refused: the rules for typed ones may only spell it as they spell the
    customer's other orders, whose messages must keep their order (K2, Q2).
    """
    if order.source_phone is not None and (lid := lid_of(order.customer_phone)):
        return lid
    if order.source_phone is None or not _NAMED.fullmatch(order.customer_phone):
        return phone_numbers.parse(order.customer_phone)
    named = Phone(order.customer_phone)
    try:
        spelt = phone_numbers.parse(order.customer_phone)
    except InvalidPhoneError:
        return named
    return spelt if spelt in customer_forms(named) else named


def known_phone_of(phone_numbers: PhoneNumbers, order: Order) -> Address | None:
    """Return the order's address, or None for a typed one that is invalid."""
    try:
        return phone_of_order(phone_numbers, order)
    except InvalidPhoneError:
        return None
