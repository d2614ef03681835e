"""What the link offers is understood, however phones and people change it on the way; nothing else is."""

import unicodedata
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.claim_text import chat_link, claim_text, claimed_order, is_offered_text
from app.domain.phone import Phone

SHOP = Phone("+5573988112233")
NUMBERS = st.integers(min_value=1, max_value=2**63 - 1)


def offered_by(link: str) -> str:
    """What WhatsApp types into the chat that the link opens."""
    parts = urlsplit(link)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "wa.me", f"/{SHOP.number[1:]}")
    return parse_qs(parts.query, strict_parsing=True)["text"][0]


@given(NUMBERS)
def test_the_orders_link_is_understood_as_its_order(number: int) -> None:
    link = chat_link(SHOP, number)
    assert link.isascii()
    assert offered_by(link) == claim_text(number)
    assert claimed_order(offered_by(link)) == number
    assert is_offered_text(offered_by(link))


@given(NUMBERS)
def test_claim_link_is_understood_once_the_customer_has_added_the_number(number: int) -> None:
    offered = offered_by(chat_link(SHOP))
    assert claimed_order(offered) is None
    assert claimed_order(f"{offered}{number}") == number
    assert claimed_order(f"{offered.rstrip()} {number}") == number
    assert claimed_order(f"{offered.rstrip()}{number}") == number


@given(
    NUMBERS,
    st.sampled_from([str.upper, str.lower, str.title, lambda text: unicodedata.normalize("NFD", text)]),
    st.text(alphabet=" .!?…\n\u200d\ufe0f💜🙏🥥", max_size=12),
    st.sampled_from(["", "0", "000", "#", "nº ", "n. ", "Nº", "número ", "n° "]),
)
def test_case_accents_spaces_pictures_and_leading_zeros_make_no_difference(
    number: int, change: object, tail: str, sign: str
) -> None:
    assert callable(change)
    said = change(f"Olá! Quero acompanhar o pedido {sign}{number}") + tail
    assert claimed_order(said) == number


@pytest.mark.parametrize(
    "said",
    [
        "quero acompanhar o pedido 12",
        "Oi quero acompanhar pedido 12",
        "  OI!!! QUERO ACOMPANHAR O PEDIDO Nº 0012 💜💜",
        "Oi, bom dia! Quero acompanhar o meu pedido #12, por favor.",
        "Oi! Quero acompanhar o pedido12",
        "Oi! Quero acompanhar o pedido １２",
        "Eu quero acompanhar o pedido 12. Obrigada!",
    ],
)
def test_what_people_make_of_it_is_understood(said: str) -> None:
    assert claimed_order(said) == 12


@pytest.mark.parametrize(
    "said",
    [
        "não quero acompanhar o pedido 12",
        "Oi! Não quero acompanhar o pedido 12",
        "Oi! Quero acompanhar o pedido",
        "Oi! Quero acompanhar o pedido 0",
        "Oi! Quero acompanhar o pedido 12 e o 13",
        "Oi! Quero acompanhar o pedido 1.200",
        "Oi! Quero cancelar o pedido 12",
        "Quero acompanhar o pedido 12 mas troque a calda",
        "meu pedido 12 já saiu? quero acompanhar o pedido 12",
        "pedido 12",
        "12",
        "Oi! Quero acompanhar o pedido doze",
        f"Oi! Quero acompanhar o pedido {2**63}",
        "Oi! Quero acompanhar o pedido 12" + " " * 300,
        "",
    ],
)
def test_anything_said_beside_it_is_a_free_text(said: str) -> None:
    assert claimed_order(said) is None


@given(st.text(max_size=80))
def test_no_text_is_too_odd_to_be_looked_at(said: str) -> None:
    assert claimed_order(said) is None or "pedido" in said.casefold() or not said.isascii()


def test_only_the_offered_words_to_the_letter_count_as_scanned() -> None:
    assert is_offered_text(claim_text(12))
    assert is_offered_text(f" {claim_text(12)}\n")
    assert not is_offered_text(claim_text(12).lower())
    assert not is_offered_text("oi")
