"""Claim of an order: the link that offers its text, and the numbers that it may name."""

from urllib.parse import unquote

import pytest

from app.domain import claim_text as claims
from app.domain.claim_text import chat_link, claim_text, claimed_order
from app.domain.phone import Phone

SHOP = Phone("+557399998537")


def test_chat_link_carries_the_text_percent_encoded() -> None:
    link = chat_link(SHOP, 12)
    assert link == "https://wa.me/557399998537?text=Oi%21%20Quero%20acompanhar%20o%20pedido%2012"
    assert unquote(link).endswith(claim_text(12))


def test_chat_link_escapes_all_but_the_unreserved_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_WORDS", "Aé9-._~X/\x80")
    assert chat_link(SHOP) == "https://wa.me/557399998537?text=A%C3%A99-._~X%2F%C2%80"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (claim_text(1), 1),
        (claim_text(2**63 - 1), 2**63 - 1),
        (claim_text(2**63), None),
        (claim_text(), None),
        ("bom dia", None),
    ],
)
def test_claimed_order_is_a_number_that_a_database_can_hold(text: str, number: int | None) -> None:
    assert claimed_order(text) == number
