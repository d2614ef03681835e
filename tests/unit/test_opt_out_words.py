"""Which texts ask to get no more messages, and which numbers are one customer's."""

import pytest

from app.domain.opt_out import OptOutWord, customer_forms, plain_words, word_in
from app.domain.phone import Phone

pytestmark = pytest.mark.requirement("X1")


@pytest.mark.parametrize(
    "text",
    [
        "PARAR",
        "parar",
        " Parar! ",
        "parár",
        "PARE.",
        "sair",
        "«Sair»",
        "STOP",
        "stop 🛑",
        "🙏🏽🙏🏽 Pare ❤️‍🔥",
        "Cancelar mensagens",
        "CANCELAR\n MENSAGENS!!!",
        "cancelar, mensagens",
        "*PARAR*",
        "ＰＡＲＡＲ",
    ],
)
def test_the_whole_text_is_a_word_of_leave_whatever_stands_around_it(text: str) -> None:
    assert word_in(text) is OptOutWord.LEAVE


@pytest.mark.parametrize("text", ["VOLTAR", "voltar 🥥", "Voltár."])
def test_the_way_back_is_a_word_too(text: str) -> None:
    assert word_in(text) is OptOutWord.RETURN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!!!",
        "parar agora",
        "não parar",
        "pode parar?",
        "par ar",
        "p.a.r.a.r",
        "parar1",
        "cancelar",
        "mensagens",
        "vou sair às 5",
        "voltar parar",
        "parar" + " " * 300,
    ],
)
def test_a_text_that_says_more_or_less_is_no_word(text: str) -> None:
    assert word_in(text) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [("+5573999548537", "+557399548537"), ("+557332221234", "+5573932221234")],
)
def test_both_spellings_of_a_brazilian_number_are_one_customer(one: str, other: str) -> None:
    assert customer_forms(Phone(one)) == customer_forms(Phone(other))
    assert {Phone(one), Phone(other)} == set(customer_forms(Phone(one)))


@pytest.mark.parametrize("number", ["+351912345678", "+5573", "", "+55739995485371"])
def test_any_other_number_is_one_customer_by_itself(number: str) -> None:
    assert customer_forms(Phone(number)) == (Phone(number),)


def test_a_text_of_two_hundred_signs_is_still_read_and_a_longer_one_is_not() -> None:
    assert word_in("parar" + "!" * 195) is OptOutWord.LEAVE
    assert word_in("parar" + "!" * 196) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  Não,\n OBRIGADA!! ", "nao obrigada"),
        ("pa\u200drar", "parar"),
        ("a\u0301b", "ab"),
        ("Straße 12½", "strasse 121 2"),
        ("a_b-c", "a b c"),
        ("💜", ""),
    ],
)
def test_of_a_text_only_its_plain_words_count(text: str, words: str) -> None:
    assert plain_words(text) == words


@pytest.mark.parametrize(
    ("number", "forms"),
    [
        ("+5573999548537", ("+557399548537", "+5573999548537")),
        ("+557399548537", ("+557399548537", "+5573999548537")),
        ("+5573899548537", ("+5573899548537",)),
        ("+55739995485", ("+55739995485",)),
    ],
)
def test_the_short_spelling_is_named_first(number: str, forms: tuple[str, ...]) -> None:
    assert customer_forms(Phone(number)) == tuple(Phone(form) for form in forms)
