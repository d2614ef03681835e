"""Claim of an order: the link that offers its text."""

from urllib.parse import unquote

import pytest

from app.domain import claim_text as claims
from app.domain.claim_text import chat_link, claim_text
from app.domain.phone import Phone

SHOP = Phone("+557399998537")


def test_chat_link_carries_the_text_percent_encoded() -> None:
    link = chat_link(SHOP, 12)
    assert link == "https://wa.me/557399998537?text=Oi%21%20Quero%20acompanhar%20o%20pedido%2012"
    assert unquote(link).endswith(claim_text(12))


def test_chat_link_escapes_all_but_the_unreserved_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "_WORDS", "Aé9-._~X/\x80")
    assert chat_link(SHOP) == "https://wa.me/557399998537?text=A%C3%A99-._~X%2F%C2%80"
