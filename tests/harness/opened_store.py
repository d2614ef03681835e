"""Real database and vault in a folder of the test."""

from pathlib import Path

from app.adapters.sqlite import DatabaseKind, SqliteStore, open_database
from app.adapters.vault import DeviceKeySettings, Unlocked, device_key_source, new_vault, unlock
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.vault import Vault
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy


def training_vault(folder: Path, entropy: Entropy | None = None) -> Unlocked:
    """Keys for a new training database in `folder`."""
    chance = entropy or SeededEntropy()
    return new_vault(device_key_source(DeviceKeySettings(folder, training=True), chance), chance)


def open_training_store(
    folder: Path, entropy: Entropy | None = None, clock: Clock | None = None
) -> SqliteStore:
    """Open file, vault and store as the program does; missing ones are made."""
    return opened_training(folder, entropy, clock)[0]


def opened_training(
    folder: Path, entropy: Entropy | None = None, clock: Clock | None = None
) -> tuple[SqliteStore, Vault]:
    """The store with its vault."""
    chance = entropy or SeededEntropy()
    place = device_key_source(DeviceKeySettings(folder, training=True), chance)
    opened = open_database(folder / "coco.db", DatabaseKind.TRAINING)
    known = (opened.wraps, place, opened.key_place)
    unlocked = new_vault(place, chance) if opened.is_new else unlock(*known, chance)
    store = opened.store(unlocked.vault, unlocked.wraps, unlocked.place, clock or MovedClock(), chance)
    return store, unlocked.vault
