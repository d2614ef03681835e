"""Recovery phrase: twelve Portuguese words are one key; a mistyped word is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mnemonic import Mnemonic

from app.adapters.vault.recovery_phrase import new_phrase, recovery_key
from app.domain.errors import BadKeyError
from tests.simulators.seeded_entropy import SeededEntropy

WORDS = Mnemonic("portuguese").wordlist


@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_a_phrase_is_twelve_words_and_a_key_of_its_own(seed: int, other: int) -> None:
    phrase = new_phrase(SeededEntropy(seed))
    assert len(phrase.split()) == 12
    assert set(phrase.split()) <= set(WORDS)
    assert len(recovery_key(phrase)) == 32
    if seed != other:
        assert recovery_key(phrase) != recovery_key(new_phrase(SeededEntropy(other)))


def test_the_key_of_a_phrase_never_changes() -> None:
    phrase = Mnemonic("portuguese").to_mnemonic(bytes(range(16)))
    assert recovery_key(phrase).hex() == "2e461e2591ff66d638e6077183b4e4b1619e2203a02c34e9758d7effa4de9aff"


def test_spaces_lines_and_capitals_do_not_matter() -> None:
    phrase = new_phrase(SeededEntropy(5))
    written = "\n ".join(word.capitalize() for word in phrase.split()) + "  "
    assert recovery_key(written) == recovery_key(phrase)


def test_words_in_another_order_are_noticed() -> None:
    words = Mnemonic("portuguese").to_mnemonic(bytes(range(16))).split()
    with pytest.raises(BadKeyError):
        recovery_key(" ".join([words[1], words[0], *words[2:]]))


ENGLISH = Mnemonic("english").to_mnemonic(bytes(range(16)))
GOOD = Mnemonic("portuguese").to_mnemonic(bytes(range(16))).split()


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("", {"reason": "word_count", "words": 0}),
        ("açaí", {"reason": "word_count", "words": 1}),
        (" ".join(WORDS[:11]), {"reason": "word_count", "words": 11}),
        (" ".join(WORDS[:24]), {"reason": "word_count", "words": 24}),
        (" ".join([*GOOD[:6], "açai", *GOOD[7:]]), {"reason": "unknown_word", "position": 7}),
        (ENGLISH, {"reason": "other_language"}),
        (" ".join([GOOD[1], GOOD[0], *GOOD[2:]]), {"reason": "order"}),
        (" ".join(["abacate"] * 12), {"reason": "order"}),
    ],
)
def test_recovery_key_says_what_is_wrong_without_a_word(written: str, facts: dict[str, object]) -> None:
    with pytest.raises(BadKeyError) as raised:
        recovery_key(written)
    assert raised.value.facts == {"place": "recovery_phrase", **facts}


@pytest.mark.parametrize("language", sorted(set(Mnemonic.list_languages()) - {"portuguese"}))
def test_recovery_key_tells_a_phrase_in_another_language(language: str) -> None:
    """Lists share words with the Portuguese one, so that a few may be known."""
    for seed in range(20):
        with pytest.raises(BadKeyError) as raised:
            recovery_key(Mnemonic(language).to_mnemonic(SeededEntropy(seed).bytes(16)))
        assert raised.value.facts["reason"] == "other_language"


@pytest.mark.parametrize("place", range(1, 13))
def test_recovery_key_names_the_place_of_a_typo(place: int) -> None:
    typed = [*GOOD[: place - 1], f"{GOOD[place - 1]}x", *GOOD[place:]]
    with pytest.raises(BadKeyError) as raised:
        recovery_key(" ".join(typed))
    assert raised.value.facts == {"place": "recovery_phrase", "reason": "unknown_word", "position": place}


@pytest.mark.parametrize("between", ["  ", "\n", "\r\n", "\t", ", ", "; ", "\u00a0", "\u200b ", " - "])
def test_recovery_key_is_the_same_however_it_was_pasted(between: str) -> None:
    assert recovery_key(f"\ufeff {between.join(GOOD)}\n") == recovery_key(" ".join(GOOD))


def test_recovery_key_is_the_same_for_a_numbered_list_with_accents() -> None:
    listed = "\n".join(f"{place}. {word[0]}\u0301{word[1:]}" for place, word in enumerate(GOOD, 1))
    assert recovery_key(listed) == recovery_key(" ".join(GOOD))


def test_a_longer_phrase_that_is_valid_elsewhere_is_refused() -> None:
    with pytest.raises(BadKeyError):
        recovery_key(Mnemonic("portuguese").to_mnemonic(bytes(32)))
