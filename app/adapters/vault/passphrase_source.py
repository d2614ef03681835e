"""Device key in a file of the data folder, wrapped for a passphrase by argon2id."""

import json
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.vault.key_ring import KEY_LENGTH, NONCE_LENGTH
from app.adapters.vault.owner_file import read_owner_file, write_owner_file
from app.domain.errors import BadKeyError, WrongKeyError
from app.domain.text_decoding import passphrase_spellings
from app.domain.visible_text import is_blank
from app.ports.entropy import Entropy

# RFC 9106's second recommendation, for machines with little memory: 3 passes over 64 MiB, 4 lanes.
_PASSES: Final = 3
_KIBIBYTES: Final = 64 * 1024
_LANES: Final = 4
_SALT_LENGTH: Final = 16
_FORMAT: Final = "coco-loko device key, argon2id 3/64MiB/4, aes-256-gcm"


class PassphraseSource:
    """Source of `COCO_PASSPHRASE`, or of the passphrase typed at the start."""

    name = "passphrase"
    given = True

    def __init__(self, passphrase: str, folder: Path, entropy: Entropy) -> None:
        """Raise BadKeyError for bytes of the environment that are not text."""
        try:
            self._spellings = [spelling.encode() for spelling in passphrase_spellings(passphrase)]
        except UnicodeEncodeError:
            raise BadKeyError(place=self.name, reason="not_text") from None
        self._blank = is_blank(passphrase)
        self._path = folder / "device.key"
        self._entropy = entropy

    def read(self) -> bytes | None:
        text = read_owner_file(self._path, self.name)
        if text is None:
            return None
        salt, nonce, wrapped = self._parts(text)
        for spelling in self._spellings:
            with suppress(InvalidTag):
                return AESGCM(_wrapper(spelling, salt)).decrypt(nonce, wrapped, _FORMAT.encode())
        raise WrongKeyError(place=self.name)

    def keep(self, key: bytes, /) -> None:
        """Wrap and store the key; raises BadKeyError for a blank passphrase, such as a line end alone."""
        if self._blank:
            raise BadKeyError(place=self.name, reason="empty")
        salt, nonce = self._entropy.bytes(_SALT_LENGTH), self._entropy.bytes(NONCE_LENGTH)
        wrapped = AESGCM(_wrapper(self._spellings[0], salt)).encrypt(nonce, key, _FORMAT.encode())
        text = b64encode(salt + nonce + wrapped).decode("ascii")
        write_owner_file(self._path, json.dumps({"format": _FORMAT, "wrapped": text}))

    def _parts(self, text: str) -> tuple[bytes, bytes, bytes]:
        try:
            written = json.loads(text)
            whole = b64decode(written["wrapped"], validate=True)
            known = written["format"] == _FORMAT
        except (ValueError, TypeError, KeyError):
            raise BadKeyError(place=self.name, reason="not_a_key") from None
        if not known or len(whole) <= _SALT_LENGTH + NONCE_LENGTH:
            raise BadKeyError(place=self.name, reason="not_a_key")
        rest = whole[_SALT_LENGTH:]
        return whole[:_SALT_LENGTH], rest[:NONCE_LENGTH], rest[NONCE_LENGTH:]


def _wrapper(passphrase: bytes, salt: bytes) -> bytes:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - few shops type a passphrase

    return hash_secret_raw(
        passphrase,
        salt,
        time_cost=_PASSES,
        memory_cost=_KIBIBYTES,
        parallelism=_LANES,
        hash_len=KEY_LENGTH,
        type=Type.ID,
    )
