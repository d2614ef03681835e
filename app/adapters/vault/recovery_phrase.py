"""The twelve words that bring the keys back on another PC."""

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic

from app.adapters.vault.key_ring import KEY_LENGTH
from app.domain.errors import BadKeyError
from app.ports.entropy import Entropy

_WORD_LIST: Final = "portuguese"
_SECRET_LENGTH: Final = 16
_PURPOSE: Final = b"coco-loko recovery key 1"


def new_phrase(entropy: Entropy) -> str:
    """Twelve words of BIP-39's Portuguese list, the last of which holds their checksum."""
    return Mnemonic(_WORD_LIST).to_mnemonic(entropy.bytes(_SECRET_LENGTH))


def recovery_key(phrase: str) -> bytes:
    """The key that a phrase encodes, however it was spaced or capitalised; raises BadKeyError.

    The words hold 128 bits of chance, so nothing slow is needed to make a key of them.
    """
    try:
        secret = bytes(Mnemonic(_WORD_LIST).to_entropy(phrase.lower().split()))
    except (ValueError, LookupError):
        raise BadKeyError(place="recovery_phrase") from None
    if len(secret) != _SECRET_LENGTH:
        raise BadKeyError(place="recovery_phrase")
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=_PURPOSE).derive(secret)
