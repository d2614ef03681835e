"""Whatever number is typed or named, it is one customer under all its spellings."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.domain.errors import InvalidPhoneError
from app.domain.phone import Phone, account_forms, customer_forms, index_form
from tests.corpus import given_texts
from tests.harness.examples import examples

pytestmark = [pytest.mark.requirement("K2"), pytest.mark.requirement("P1")]

TYPED = TypedNumbers(lambda: "73")
COUNTRIES = ("55", "52", "521", "54", "549", "5573", "1", "351", "")
named = st.sampled_from(given_texts("spellings")) | st.builds(
    "+{}{}".format, st.sampled_from(COUNTRIES), st.text("0123456789", min_size=4, max_size=13)
)
pieces = st.sampled_from(given_texts("phones", "spellings")) | st.text("0123456789+-() .x", max_size=8)
typed = st.lists(pieces, max_size=3).map("".join)


@settings(max_examples=examples(300), deadline=None)
@given(named)
def test_spellings_of_a_number_agree_about_their_customer(number: str) -> None:
    phone = Phone(number)
    forms = customer_forms(phone)
    assert phone in forms
    assert all(customer_forms(form) == forms for form in forms)
    assert set(account_forms(phone)) <= set(forms)
    assert account_forms(phone)[0] == phone
    assert index_form(phone) in forms
    assert index_form(index_form(phone)) == index_form(phone)


@settings(max_examples=examples(300), deadline=None)
@given(typed)
def test_typed_number_is_understood_the_same_again_or_refused(text: str) -> None:
    try:
        phone = TYPED.parse(text)
    except InvalidPhoneError:
        return
    assert phone.number[1:].isdigit()
    assert phone.number.isascii()
    assert TYPED.parse(phone.number) == phone


@settings(max_examples=examples(200), deadline=None)
@given(st.sampled_from(given_texts("spellings")), st.sampled_from(["", " ", "-"]))
def test_named_number_is_its_customer_when_it_is_typed(number: str, between: str) -> None:
    spread = f"+{between.join(number[1:])}"
    assert TYPED.parse(spread) in customer_forms(Phone(number))
