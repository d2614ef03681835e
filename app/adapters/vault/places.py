"""Which place the device key is looked for in."""

from dataclasses import dataclass, field
from pathlib import Path

from app.adapters.vault.device_key import DeviceKeyPlace
from app.adapters.vault.file_places import EnvironmentPlace, KeyFilePlace, TrainingFilePlace
from app.adapters.vault.keyring_place import KeyringPlace
from app.adapters.vault.passphrase_place import PassphrasePlace
from app.ports.entropy import Entropy


@dataclass(frozen=True, slots=True)
class KeySources:
    """What the person or the machine gave us: `COCO_MASTER_KEY`, `COCO_KEY_FILE`, `COCO_PASSPHRASE`."""

    folder: Path
    training: bool
    master_key: str | None = field(default=None, repr=False)
    key_file: Path | None = None
    passphrase: str | None = field(default=None, repr=False)

    @property
    def in_keyring(self) -> bool:
        """Whether nothing else was given; a training never looks into the keyring (D1)."""
        return not (self.master_key or self.key_file or self.passphrase or self.training)


def device_key_place(sources: KeySources, entropy: Entropy) -> DeviceKeyPlace:
    """What was given on purpose goes before all else."""
    if sources.master_key:
        return EnvironmentPlace(sources.master_key)
    if sources.key_file:
        return KeyFilePlace(sources.key_file)
    if sources.passphrase:
        return PassphrasePlace(sources.passphrase, sources.folder, entropy)
    return TrainingFilePlace(sources.folder) if sources.training else KeyringPlace(entropy)
