"""Keys and ciphers: where the device key is kept, what it opens, and how columns are sealed."""

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.places import KeySources, device_key_place
from app.adapters.vault.unlocking import (
    Unlocked,
    new_vault,
    recover,
    unlock,
    with_new_data_key,
    with_new_phrase,
)
from app.adapters.vault.version_places import version_counter

__all__ = [
    "KeyRingVault",
    "KeySources",
    "Unlocked",
    "device_key_place",
    "new_vault",
    "recover",
    "unlock",
    "version_counter",
    "with_new_data_key",
    "with_new_phrase",
]
