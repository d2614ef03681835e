"""Device key in the operating system's keyring."""

from datetime import timedelta
from typing import Final

from app.adapters.vault.key_text import key_as_text, key_from_text
from app.adapters.vault.keyring_access import KeyringAccess
from app.ports.entropy import Entropy

DEVICE_KEY: Final = "coco-loko/device-key"
_PROBE: Final = "coco-loko/probe"
# A keyring may ask the person for its password; a minute is enough to type it.
_ANSWERS_WITHIN: Final = timedelta(seconds=60)


class KeyringSource:
    """Source of the device key in the keyring."""

    given = False

    def __init__(self, entropy: Entropy, answers_within: timedelta = _ANSWERS_WITHIN) -> None:
        self._entropy = entropy
        self._keyring = KeyringAccess(answers_within)

    @property
    def name(self) -> str:
        return self._keyring.name

    def read(self) -> bytes | None:
        """Return the key; None only where a probe shows that the keyring works, so the key is really lost."""
        text = self._keyring.read(DEVICE_KEY)
        if text is None:
            self._probe()
            return None
        return key_from_text(text, self.name)

    def keep(self, key: bytes, /) -> None:
        self._keyring.keep(DEVICE_KEY, key_as_text(key))

    def _probe(self) -> None:
        """Write, read and delete a probe entry without meaning."""
        self._keyring.keep(_PROBE, self._entropy.bytes(16).hex())
        self._keyring.delete(_PROBE)
