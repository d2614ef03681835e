"""The Vault: AES-256-GCM seals cells, HMAC-SHA-256 makes blind indexes.

Sealed = version byte, key id (4 bytes), nonce (12 bytes), ciphertext with tag; the context is authenticated with it.
Version 1 was bound to `table.column`, version 2 is bound to the row as well (ADR 19).
"""

from functools import lru_cache
from hmac import digest
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.vault.key_ring import NONCE_LENGTH, KeyRing
from app.domain.errors import WrongKeyError
from app.domain.identifiers import MessageId, NotificationId
from app.ports.entropy import Entropy

_VERSION: Final = b"\x02"
_FORMER_VERSION: Final = b"\x01"
_KEY_ID: Final = slice(1, 5)
_NONCE: Final = slice(5, 5 + NONCE_LENGTH)
_CIPHERTEXT: Final = slice(5 + NONCE_LENGTH, None)

_INDEX_LENGTH: Final = 16
_MESSAGE_ID_PREFIX: Final = "3EB0"
_MESSAGE_ID_LENGTH: Final = 9
_REMEMBERED: Final = 2048


class KeyRingVault:
    """Seals with the ring's newest data key and opens with the key named in the sealed bytes."""

    def __init__(self, ring: KeyRing, entropy: Entropy) -> None:
        self._entropy = entropy
        self._index_key = ring.index.key
        self.adopt(ring)
        # The few customers of messages in flight are looked up many times.
        self._index = lru_cache(_REMEMBERED)(self._made_index)

    def adopt(self, ring: KeyRing) -> None:
        """Seal with the newest data key of this ring from now on; the index key stays."""
        self._ciphers = {key_id.to_bytes(4, "big"): AESGCM(key) for key_id, key in ring.data.items()}
        # Last: another thread seals with a key that is there already.
        self._sealing_id = ring.newest.key_id.to_bytes(4, "big")

    @property
    def sealing(self) -> str:
        return f"{_VERSION[0]}:{int.from_bytes(self._sealing_id, 'big')}"

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce, sealing_id = self._entropy.bytes(NONCE_LENGTH), self._sealing_id
        header = _VERSION + sealing_id
        bound_to = header + context.encode()
        return header + nonce + self._ciphers[sealing_id].encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, context: str, former_context: str | None = None) -> bytes:
        version = sealed[:1]
        bound = context if version == _VERSION else former_context if version == _FORMER_VERSION else None
        cipher = self._ciphers.get(sealed[_KEY_ID])
        if cipher is None or bound is None:
            raise WrongKeyError(column=context.partition("\0")[0])
        try:
            return cipher.decrypt(
                sealed[_NONCE], sealed[_CIPHERTEXT], sealed[: _NONCE.start] + bound.encode()
            )
        except (InvalidTag, ValueError):
            raise WrongKeyError(column=context.partition("\0")[0]) from None

    def is_current(self, sealed: bytes) -> bool:
        return sealed[: _NONCE.start] == _VERSION + self._sealing_id

    def blind_index(self, purpose: str, value: str) -> bytes:
        return self._index(purpose, value)

    def _made_index(self, purpose: str, value: str) -> bytes:
        return digest(self._index_key, f"{purpose}\0{value}".encode(), "sha256")[:_INDEX_LENGTH]

    def mac(self, purpose: str, text: str) -> bytes:
        return digest(self._index_key, f"mac\0{purpose}\0{text}".encode(), "sha256")

    def message_id(self, notification_id: NotificationId) -> MessageId:
        made = digest(self._index_key, notification_id.bytes, "sha256")[:_MESSAGE_ID_LENGTH]
        return MessageId(_MESSAGE_ID_PREFIX + made.hex().upper())
