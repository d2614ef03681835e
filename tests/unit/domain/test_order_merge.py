"""Merge of a stored order with the next version from its source."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.order import Order
from app.domain.order_merge import choose_phone, merge_order, source_phone_of, without_content
from tests.contracts.asked_store import ANA, BIA, NOW
from tests.contracts.store_contract import Keeping

KEPT = Keeping.ORDER
TYPED = KEPT.customer_phone
MINUTE = timedelta(minutes=1)
PHONELESS = replace(KEPT, customer_phone="-")
OTHER = replace(
    KEPT, customer_name="Bia", customer_phone="71 98888-7777", status="ready", items=(), deleted=True
)


def test_first_word_is_kept_whole() -> None:
    assert merge_order(None, OTHER) == OTHER


def test_later_word_replaces_everything_else() -> None:
    assert merge_order(KEPT, OTHER) == OTHER
    assert merge_order(OTHER, KEPT) == KEPT


@pytest.mark.parametrize("said", [TYPED, "71 98888-7777", "", ANA.number])
def test_chosen_phone_outlives_the_source_whose_own_is_kept_beside_it(said: str) -> None:
    merged = merge_order(choose_phone(KEPT, ANA.number), replace(KEPT, customer_phone=said, status="ready"))
    assert (merged.customer_phone, merged.source_phone, merged.status) == (ANA.number, said, "ready")
    assert source_phone_of(merged) == said


def test_second_choice_replaces_the_first_and_the_sources_phone_stays() -> None:
    first = choose_phone(KEPT, ANA.number)
    second = merge_order(first, choose_phone(first, BIA.number))
    assert (second.customer_phone, second.source_phone) == (BIA.number, TYPED)


def test_source_without_a_phone_leaves_the_order_to_who_wrote_about_it() -> None:
    wrote = [ANA.number, BIA.number]
    assert merge_order(None, PHONELESS, wrote) == choose_phone(PHONELESS, BIA.number)
    assert merge_order(PHONELESS, PHONELESS, wrote) == choose_phone(PHONELESS, BIA.number)
    given = replace(KEPT, customer_phone=ANA.number)
    assert merge_order(given, PHONELESS, wrote) == choose_phone(PHONELESS, ANA.number)
    assert merge_order(PHONELESS, PHONELESS) == PHONELESS
    assert merge_order(PHONELESS, KEPT, wrote) == KEPT


@pytest.mark.requirement("X6")
def test_emptied_order_moves_on_and_stays_empty() -> None:
    emptied = without_content(choose_phone(KEPT, ANA.number))
    assert (emptied.customer_phone, emptied.source_phone, emptied.has_phone) == ("", None, False)
    for said in (OTHER, choose_phone(OTHER, BIA.number), without_content(OTHER)):
        assert merge_order(emptied, said, [ANA.number]) == without_content(OTHER)


@pytest.mark.requirement("A4")
@pytest.mark.parametrize(
    ("was", "status", "said", "kept"),
    [
        ("paid", "paid", None, NOW),
        ("paid", "paid", NOW + MINUTE, NOW + MINUTE),
        ("preparing", "in_preparation", None, NOW),
        ("paid", "ready", None, None),
        ("ready", "completed", None, None),
        ("completed", "completed", None, NOW),
        ("completed", "cancelled", None, None),
    ],
)
def test_moment_of_a_stage_stays_known_until_the_next_one(
    was: str, status: str, said: object, kept: object
) -> None:
    before = replace(KEPT, status=was, stage_at=NOW)
    word = replace(KEPT, status=status, stage_at=said)  # type: ignore[arg-type]
    assert merge_order(before, word).stage_at == kept


words = st.builds(
    lambda phone, status, name: replace(KEPT, customer_phone=phone, status=status, customer_name=name),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["paid", "ready", "cancelled"]),
    st.sampled_from(["Ana", "Bia"]),
)


@given(st.lists(words, max_size=6), st.booleans())
def test_no_number_of_words_undoes_a_choice_or_fills_what_was_emptied(
    said: list[Order],
    emptied: bool,  # noqa: FBT001
) -> None:
    order = choose_phone(KEPT, ANA.number)
    order = without_content(order) if emptied else order
    for word in said:
        order = merge_order(order, word)
    assert order.customer_phone == ("" if emptied else ANA.number)
    assert order.is_erased is emptied
    if said:
        assert order.status == said[-1].status
        assert emptied or order.customer_name == said[-1].customer_name
