"""A number that does not show itself, and its two Brazilian forms."""

import pytest

from app.domain.phone import Phone, account_forms


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
    ],
)
def test_people_write_a_number_of_the_country_without_the_countrys_own(number: str, shown: str) -> None:
    assert Phone(number).national == shown
