"""Choice of the device key's source."""

from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.vault.device_key import DeviceKeySource
from app.adapters.vault.file_sources import EnvironmentSource, KeyFileSource, TrainingFileSource
from app.adapters.vault.keyring_source import KeyringSource
from app.adapters.vault.passphrase_source import PassphraseSource
from app.ports.entropy import Entropy


@dataclass(frozen=True, slots=True)
class DeviceKeySettings:
    """Settings of the person or the machine: `COCO_MASTER_KEY`, `COCO_KEY_FILE`, `COCO_PASSPHRASE`."""

    folder: Path
    training: bool
    master_key: str | None = field(default=None, repr=False)
    key_file: Path | None = None
    passphrase: str | None = field(default=None, repr=False)

    @property
    def in_keyring(self) -> bool:
        """Whether the keyring is the source: no other was given; a training never uses the keyring (D1)."""
        return not (self.master_key or self.key_file or self.passphrase or self.training)


def device_key_source(sources: DeviceKeySettings, entropy: Entropy) -> DeviceKeySource:
    """Return the source of the device key; one given on purpose comes first."""
    if sources.master_key:
        return EnvironmentSource(sources.master_key)
    if sources.key_file:
        return KeyFileSource(sources.key_file)
    if sources.passphrase:
        return PassphraseSource(sources.passphrase, sources.folder, entropy)
    return TrainingFileSource(sources.folder) if sources.training else KeyringSource(entropy)
