"""Parser of telephone numbers as customers, waiters and cashiers type them."""

import pytest

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.domain.area_codes import AREA_CODES
from app.domain.errors import InvalidPhoneError
from app.ports.phone_numbers import PhoneNumbers
from tests.corpus import Case, each_case

MOBILE = "+5573999548537"
LANDLINE = "+557332345678"
AREAS = [str(area) for area in (
    *range(11, 20), 21, 22, 24, 27, 28, *range(31, 36), 37, 38, *range(41, 50), 51, 53, 54, 55,
    *range(61, 70), 71, 73, 74, 75, 77, 79, *range(81, 90), *range(91, 100),
)]  # fmt: skip


@pytest.fixture
def numbers() -> PhoneNumbers:
    return TypedNumbers(lambda: "73")


def reason_for(numbers: PhoneNumbers, typed: str) -> object:
    with pytest.raises(InvalidPhoneError) as caught:
        numbers.parse(typed)
    assert set(caught.value.facts) == {"reason"}
    assert str(caught.value) == "invalid_phone"
    return caught.value.facts["reason"]


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    "typed",
    [
        "73999548537",
        "+5573999548537",
        "5573999548537",
        "(73) 99954-8537",
        "7399548537",
        "557399548537",
        "+557399548537",
        "99954-8537",
        "9954-8537",
        "999548537",
        " 73 9 9954 8537 ",
        "73.99954.8537",
        "073 99954-8537",
        "0 15 73 99954-8537",
        "0xx73 99954-8537",
        "(0XX73)99954-8537",
        "+55 (0) 73 99954-8537",
        "+55 99954-8537",
        "(+55) 73 99954-8537",
        "0055 73 99954 8537",
        "055 73 99954-8537",
        "+ 55 73 99954 8537",
        "tel: 73 99954-8537",
        "WhatsApp 73999548537",
        "zap: (73)99954-8537",
        "\u202a+55\xa073\xa099954\u20118537\u202c",
        "７３９９９５４８５３７",
        "📱 73 99954-8537",
        "73/99954/8537",
        "73999548537.",
    ],
)
def test_every_spelling_of_a_mobile_is_the_same_customer(numbers: PhoneNumbers, typed: str) -> None:
    assert numbers.parse(typed).number == MOBILE


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    "typed", ["3234-5678", "73 3234-5678", "(073) 3234 5678", "+55 73 3234-5678", "557332345678"]
)
def test_landlines_are_allowed_and_get_no_ninth_digit(numbers: PhoneNumbers, typed: str) -> None:
    assert numbers.parse(typed).number == LANDLINE


@pytest.mark.parametrize("area", AREAS)
def test_every_area_code_is_known_with_mobile_old_mobile_and_landline(
    numbers: PhoneNumbers, area: str
) -> None:
    mobile = f"+55{area}987654321"
    for typed in (
        f"({area}) 98765-4321",
        f"{area}87654321",
        f"0{area}987654321",
        f"55{area}987654321",
        mobile,
    ):
        assert numbers.parse(typed).number == mobile
    assert numbers.parse(f"{area} 3234-5678").number == f"+55{area}32345678"


def test_there_are_sixty_seven_area_codes() -> None:
    assert len(AREAS) == 67
    assert sorted(AREAS) == sorted(AREA_CODES)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("55 99954-8537", "+5555999548537"),
        ("5532345678", "+555532345678"),
        ("55 55 99954-8537", "+5555999548537"),
    ],
)
def test_fifty_five_is_an_area_code_too(numbers: PhoneNumbers, typed: str, number: str) -> None:
    assert numbers.parse(typed).number == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("+54 9 11 2345-6789", "+5491123456789"),
        ("+351 912 345 678", "+351912345678"),
        ("00351912345678", "+351912345678"),
        ("+1 (202) 555-0143", "+12025550143"),
    ],
)
def test_guests_from_abroad_give_their_country(numbers: PhoneNumbers, typed: str, number: str) -> None:
    assert numbers.parse(typed).number == number


@pytest.mark.requirement("P1")
@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\u200e", "empty"),
        ("-", "not_a_number"),
        ("não tem", "letters"),
        ("73 9999A-8537", "letters"),
        ("ana@example.com", "letters"),
        ("190", "too_short"),
        ("9954853", "too_short"),
        ("+55 73 9995", "too_short"),
        ("739995485371", "too_long"),
        ("73999548537 / 73988887777", "too_long"),
        ("+55 73 999548537 1", "too_long"),
        ("20 99954-8537", "unknown_area"),
        ("73 89954-8537", "not_a_number"),
        ("73 0234-5678", "not_a_number"),
        ("+999 12345678", "not_a_number"),
        ("+1 555", "too_short"),
    ],
)
def test_an_impossible_number_is_refused_with_its_reason(
    numbers: PhoneNumbers, typed: str, reason: str
) -> None:
    assert reason_for(numbers, typed) == reason


@pytest.mark.requirement("P1")
@each_case("phones")
def test_typed_numbers_are_what_the_corpus_says(numbers: PhoneNumbers, case: Case) -> None:
    try:
        understood = numbers.parse(case.given).number
    except InvalidPhoneError as error:
        understood = f"refused: {error.facts['reason']}"
    assert understood == case.expect


def test_typed_numbers_follow_the_shops_area_when_it_changes() -> None:
    area = "11"
    numbers = TypedNumbers(lambda: area)
    assert numbers.parse("99954-8537").number == "+5511999548537"
    area = "71"
    assert numbers.parse("99954-8537").number == "+5571999548537"
