"""Recovery phrase: twelve words that restore the keys on another PC."""

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.adapters.vault.key_ring import KEY_LENGTH
from app.domain.canonical_words import canonical_words
from app.domain.errors import BadKeyError
from app.ports.entropy import Entropy

if TYPE_CHECKING:
    from mnemonic import Mnemonic

_WORD_LIST: Final = "portuguese"
_SECRET_LENGTH: Final = 16
_WORDS: Final = 12
_PLACE: Final = "recovery_phrase"
_PURPOSE: Final = b"coco-loko recovery key 1"


def new_phrase(entropy: Entropy) -> str:
    """Return twelve words of BIP-39's Portuguese list, the last of which holds their checksum."""
    return _words().to_mnemonic(entropy.bytes(_SECRET_LENGTH))


def recovery_key(phrase: str) -> bytes:
    """Return the key that a phrase encodes, in any spacing, case, accents or numbering.

    The words hold 128 bits of randomness, so no slow key derivation is needed. Raises BadKeyError: `facts['reason']` is
    word_count, unknown_word (with `position`), other_language or order.
    """
    known = _words()
    words = [word for word in canonical_words(phrase).split() if not word.isdigit()]
    _check_words(words, known)
    try:
        secret = bytes(known.to_entropy(words))
    except (ValueError, LookupError):
        raise BadKeyError(place=_PLACE, reason="order") from None
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=_PURPOSE).derive(secret)


def _check_words(words: list[str], known: "Mnemonic") -> None:
    """Raise BadKeyError with the first unknown word's position; the word itself is a secret."""
    listed = set(known.wordlist)
    unknown = [place for place, word in enumerate(words, 1) if word not in listed]
    if len(words) != _WORDS:
        raise BadKeyError(place=_PLACE, reason="word_count", words=len(words))
    if len(unknown) > _WORDS // 2:
        raise BadKeyError(place=_PLACE, reason="other_language")
    if unknown:
        raise BadKeyError(place=_PLACE, reason="unknown_word", position=unknown[0])


def _words() -> "Mnemonic":
    from mnemonic import Mnemonic  # noqa: PLC0415 - words are made or typed once in a shop's life

    return Mnemonic(_WORD_LIST)
