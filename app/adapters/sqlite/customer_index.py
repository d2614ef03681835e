"""Blind indexes of a customer's number: the one its rows are saved under, and all they are looked up by."""

from app.domain.phone import Phone, customer_forms, index_form
from app.ports.vault import Vault


def customer_index(vault: Vault, customer: Phone) -> bytes:
    """Return the index of a row that is saved for this spelling of the number."""
    return _index(vault, index_form(customer))


def customer_indexes(vault: Vault, customer: Phone) -> list[bytes]:
    """Return the indexes under which rows of the customer may stand, that of the given spelling first."""
    forms = [customer, *customer_forms(customer)]
    return [_index(vault, form) for form in dict.fromkeys(map(index_form, forms))]


def _index(vault: Vault, form: Phone) -> bytes:
    return vault.blind_index("phone", form.number)
