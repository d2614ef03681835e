"""Canonical words: letters and digits of any script, and the length up to which a text is compared."""

import pytest

from app.domain.canonical_words import canonical_words, is_short

INVISIBLE = "\u200b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pedido \u0661\u0662", "pedido 12"),  # Arabic digits
        ("\u096f\uff17", "97"),  # Devanagari, full-width
        ("\u2460\u2480", "1 13"),  # in a circle, in parentheses
        ("\u3007", "\u3007"),  # a number that is no digit
        ("A\u00e7ai-\u00c7\u00c3O", "acai cao"),
        ("\U0001f469\u200d\U0001f373parar", "parar"),
        ("\u24c2\u200d\u24c2", "mm"),  # letters in a circle, joined as pictures are
    ],
)
def test_canonical_words_are_plain_letters_and_digits(text: str, words: str) -> None:
    assert canonical_words(text) == words


def test_is_short_counts_what_is_visible_up_to_a_limit() -> None:
    assert is_short("a" * 200)
    assert not is_short("a" * 201)
    assert is_short("a" * 200 + INVISIBLE * (4096 - 200))
    assert not is_short("a" * 201 + INVISIBLE)
    assert not is_short("a" + INVISIBLE * 4096)
