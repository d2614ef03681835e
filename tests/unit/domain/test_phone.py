"""Phone numbers: masking, and the spellings of one customer's number."""

import pytest

from app.domain.phone import Phone, account_forms, customer_forms, index_form
from tests.corpus import Case, each_case


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+5573999548537", "+55 73 9••••-8537"),
        ("+557336541234", "+55 73 ••••-1234"),
        ("+14155550123", "+14 ••••0123"),
    ],
)
def test_only_the_end_of_a_number_is_shown(number: str, masked: str) -> None:
    assert Phone(number).masked == masked
    assert number[-8:] not in f"{Phone(number)} {Phone(number)!r}"


def test_a_mobile_number_is_asked_for_with_and_without_the_ninth_digit() -> None:
    with_nine, without = Phone("+5573999548537"), Phone("+557399548537")
    assert account_forms(with_nine) == (with_nine, without)
    assert account_forms(without) == (without, with_nine)


@pytest.mark.parametrize("number", ["+557336541234", "+14155550123", "+3519123456789"])
def test_a_number_that_has_one_form_is_asked_for_once(number: str) -> None:
    assert account_forms(Phone(number)) == (Phone(number),)


@pytest.mark.parametrize("first", "6789")
def test_each_first_digit_of_a_mobile_number_may_have_a_ninth_before_it(first: str) -> None:
    short, long = Phone(f"+5573{first}9548537"), Phone(f"+55739{first}9548537")
    assert account_forms(short) == (short, long)
    assert account_forms(long) == (long, short)


@pytest.mark.parametrize(
    "number", ["+557359548537", "+5573899548537", "+5573999548", "+557399954853711", "+55"]
)
def test_no_other_number_has_two_forms(number: str) -> None:
    assert account_forms(Phone(number)) == (Phone(number),)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+55739995485", "+55 ••••5485"),
        ("+55739995485371", "+55 ••••5371"),
        ("+447911123456", "+44 ••••3456"),
        ("+558001234567", "+55 ••••4567"),
    ],
)
def test_a_number_of_another_shape_shows_its_country_and_its_end(number: str, masked: str) -> None:
    assert Phone(number).masked == masked


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+5573999548537", "(73) 99954-8537"),
        ("+557333548537", "(73) 3354-8537"),
        ("+351912345678", "+351912345678"),
        ("+5573", "+5573"),
        ("+558001234567", "+558001234567"),
    ],
)
def test_people_write_a_number_of_the_country_without_the_countrys_own(number: str, shown: str) -> None:
    assert Phone(number).national == shown


@pytest.mark.requirement("K2")
@each_case("spellings")
def test_spellings_are_what_the_corpus_says(case: Case) -> None:
    forms = tuple(map(Phone, case.expect))
    assert all(customer_forms(form) == forms for form in (Phone(case.given), *forms))


@pytest.mark.requirement("K2")
@pytest.mark.parametrize(
    ("number", "other"),
    [("+5215512345678", "+525512345678"), ("+541123456789", "+5491123456789")],
)
def test_account_forms_are_two_when_a_country_has_two_spellings(number: str, other: str) -> None:
    assert account_forms(Phone(number)) == (Phone(number), Phone(other))
    assert account_forms(Phone(other)) == (Phone(other), Phone(number))


@pytest.mark.requirement("X1")
@pytest.mark.parametrize(
    ("number", "indexed"),
    [
        ("+5573999548537", "+557399548537"),
        ("+557399548537", "+557399548537"),
        ("+557332221234", "+557332221234"),
        ("+5215512345678", "+5215512345678"),
        ("+525512345678", "+525512345678"),
        ("+5491123456789", "+5491123456789"),
        ("+541123456789", "+541123456789"),
        ("+351912345678", "+351912345678"),
        ("+5573", "+5573"),
        ("", ""),
    ],
)
def test_index_form_is_that_of_the_first_release(number: str, indexed: str) -> None:
    """The rows of opt-outs hold no number: whoever changes this rule loses them."""
    assert index_form(Phone(number)) == Phone(indexed)
