"""Whatever is typed or brought in by a value, a customer reads whole, visible words in the template's own form."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.canonical_words import canonical_words
from app.domain.errors import RefusalError
from app.domain.opt_out import OptOutWord, word_in
from app.domain.order import NotificationType
from app.domain.outgoing_text import outgoing_text, value_text
from app.domain.template import MessageTemplate, render
from app.domain.visible_text import is_blank, visible_text
from app.ui.message_text import message_html
from tests.corpus import given_texts
from tests.harness.examples import examples

pytestmark = pytest.mark.requirement("T7")

CORPUS = given_texts("texts", "names", "values", "words")
SIGNS = "*_~`>-•{}[]\n\r\t \u200b\u200d\ufe0f\u202e\u3164\u2800\ud83d\ufffd\x001a.🥥👩🍳"
odd = st.lists(st.sampled_from(CORPUS) | st.text(SIGNS, max_size=8) | st.text(max_size=8), max_size=6).map(
    "".join
)
MARKED = MessageTemplate(
    "m",
    NotificationType.READY,
    "*Oi {{firstName}}!* _{{orderNotes}}_ ~{{tableNumber}}~\n{{shopName}}\n{{items}}.",
)
TAG = re.compile("<[^>]+>")


@settings(max_examples=examples(300), deadline=None)
@given(odd)
def test_outgoing_text_has_nothing_invisible_and_passes_a_second_time(text: str) -> None:
    try:
        passed = outgoing_text(text)
    except RefusalError:
        return
    assert outgoing_text(passed) == passed
    assert not any(sign in passed for sign in ("{{", "}}", "[[", "]]", "\ufffd"))
    assert not {unicodedata.category(sign) for sign in passed.replace("\n", "")} & {"Cc", "Cs"}
    turning = {unicodedata.bidirectional(sign) for sign in passed}
    assert not turning & {
        "LRO",
        "RLO",
        "LRE",
        "RLE",
        "PDF",
        "RLI",
        "LRI",
        "FSI",
        "PDI",
    }
    assert not is_blank(passed)


@settings(max_examples=examples(300), deadline=None)
@given(odd)
def test_visible_text_stays_as_it_is_and_keeps_every_visible_sign(text: str) -> None:
    seen = visible_text(text)
    assert visible_text(seen) == seen
    letters = [sign for sign in text if unicodedata.category(sign) in {"Ll", "Nd"}]
    assert [sign for sign in seen if unicodedata.category(sign) in {"Ll", "Nd"}] == letters


@settings(max_examples=examples(300), deadline=None)
@given(odd, odd, odd, odd)
@example("a_", "_b", "~", "> x")
@example("snake_case", "a*b", "a~b", "1. x")
def test_value_changes_no_formatting_and_adds_no_line(name: str, notes: str, table: str, shop: str) -> None:
    values = {"firstName": name, "orderNotes": notes, "tableNumber": table, "shopName": shop}
    values["items"] = value_text(shop)
    plain = {key: "palavra" if value_text(value) else "" for key, value in values.items()}
    if "" in plain.values():
        return
    said, expected = (render(MARKED, each) for each in (values, plain))
    assert TAG.findall(message_html(said)) == TAG.findall(message_html(expected))
    assert not re.search(r"^(?:>|[-*•] |\d+\. )", said, re.MULTILINE)


@settings(max_examples=examples(300), deadline=None)
@given(odd)
def test_value_text_stays_as_it_is(value: str) -> None:
    assert value_text(value_text(value)) == value_text(value)


STYLES = [
    lambda letter: chr(0x1D400 + ord(letter) - 65),
    lambda letter: chr(0x1D5D4 + ord(letter) - 65),
    lambda letter: chr(0xFF21 + ord(letter) - 65),
    lambda letter: chr(0x24B6 + ord(letter) - 65),
    lambda letter: chr(0x1F150 + ord(letter) - 65),
    lambda letter: chr(0x1F170 + ord(letter) - 65),
    lambda letter: chr(0x1F130 + ord(letter) - 65),
    lambda letter: letter + "\u0336",
    lambda letter: letter + "\u200b",
    lambda letter: letter.lower() + "\u0301",
    lambda letter: letter,
]


@pytest.mark.requirement("X1")
@pytest.mark.requirement("Z7")
@given(
    st.sampled_from(["PARAR", "PARE", "SAIR", "STOP", "VOLTAR"]),
    st.lists(st.sampled_from(STYLES), min_size=6, max_size=6),
    st.text(" \n\u200b\u2060\u3164\u2800\ufe0f!.🥥", max_size=6),
)
def test_word_is_heard_in_any_mixture_of_letters(word: str, styles: list[object], around: str) -> None:
    styled = "".join(style(letter) for style, letter in zip(styles, word, strict=False))  # type: ignore[operator]
    expected = OptOutWord.RETURN if word == "VOLTAR" else OptOutWord.LEAVE
    assert word_in(around + styled + around) is expected


@pytest.mark.requirement("Z7")
@settings(max_examples=examples(300), deadline=None)
@given(odd)
def test_canonical_words_stay_as_they_are_and_know_no_form(text: str) -> None:
    words = canonical_words(text)
    assert canonical_words(words) == words
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    for form in ("NFC", "NFD"):
        assert canonical_words(unicodedata.normalize(form, whole)) == canonical_words(whole)
