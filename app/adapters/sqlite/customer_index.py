"""Blind indexes of a customer's number: one for saving, several for lookups."""

from app.domain.phone import Phone, customer_forms, index_form
from app.ports.vault import Vault


def customer_index(vault: Vault, customer: Phone) -> bytes:
    """Return the index under which a row with this spelling of the number is saved."""
    return _index(vault, index_form(customer))


def customer_indexes(vault: Vault, customer: Phone) -> list[bytes]:
    """Return the indexes of all spellings of the number, that of the given one first."""
    forms = [customer, *customer_forms(customer)]
    return [_index(vault, form) for form in dict.fromkeys(map(index_form, forms))]


def _index(vault: Vault, form: Phone) -> bytes:
    return vault.blind_index("phone", form.number)
