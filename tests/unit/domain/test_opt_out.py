"""Opt-out words, and the number spellings of one customer."""

import pytest

from app.domain.canonical_words import canonical_words
from app.domain.claim_text import claimed_order
from app.domain.opt_out import OptOutWord, word_in
from app.domain.phone import Phone, customer_forms
from tests.corpus import Case, each_case

pytestmark = pytest.mark.requirement("X1")


@pytest.mark.requirement("Z7")
@each_case("words")
def test_words_are_what_the_corpus_says(case: Case) -> None:
    word, number = word_in(case.given), claimed_order(case.given)
    assert (word or (f"claim {number}" if number else "nothing")) == case.expect


def test_word_in_finds_no_word_when_the_text_is_long() -> None:
    assert word_in("PARAR" + "\u200b" * 4000) is OptOutWord.LEAVE
    assert word_in("PARAR" + "\u200b" * 5000) is None


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
    assert word_in("parar" + " " * 300) is None


def test_invisible_signs_do_not_lengthen_a_text_unless_there_are_thousands() -> None:
    assert word_in("parar" + "\u200b" * 4000) is OptOutWord.LEAVE
    assert word_in("parar" + "\u200b" * 4100) is None


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
    assert canonical_words(text) == words


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
