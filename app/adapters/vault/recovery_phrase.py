"""Recovery phrase: twelve words that restore the keys on another PC."""

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.adapters.vault.key_ring import KEY_LENGTH
from app.domain.errors import BadKeyError
from app.ports.entropy import Entropy

if TYPE_CHECKING:
    from mnemonic import Mnemonic

_WORD_LIST: Final = "portuguese"
_SECRET_LENGTH: Final = 16
_PURPOSE: Final = b"coco-loko recovery key 1"


def new_phrase(entropy: Entropy) -> str:
    """Return twelve words of BIP-39's Portuguese list, the last of which holds their checksum."""
    return _words().to_mnemonic(entropy.bytes(_SECRET_LENGTH))


def recovery_key(phrase: str) -> bytes:
    """Return the key that a phrase encodes, in any spacing or case; raises BadKeyError.

    The words hold 128 bits of randomness, so no slow key derivation is needed.
    """
    try:
        secret = bytes(_words().to_entropy(phrase.lower().split()))
    except (ValueError, LookupError):
        raise BadKeyError(place="recovery_phrase") from None
    if len(secret) != _SECRET_LENGTH:
        raise BadKeyError(place="recovery_phrase")
    return HKDF(SHA256(), KEY_LENGTH, salt=None, info=_PURPOSE).derive(secret)


def _words() -> "Mnemonic":
    from mnemonic import Mnemonic  # noqa: PLC0415 - words are made or typed once in a shop's life

    return Mnemonic(_WORD_LIST)
