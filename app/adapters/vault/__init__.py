"""Vault adapter: sources of the device key, key ring, ciphers and sealed columns."""

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.device_key_sources import DeviceKeySettings, device_key_source
from app.adapters.vault.unlocking import (
    Unlocked,
    new_vault,
    recover,
    unlock,
    with_new_data_key,
    with_new_phrase,
)
from app.adapters.vault.version_counter_store import version_counter

__all__ = [
    "DeviceKeySettings",
    "KeyRingVault",
    "Unlocked",
    "device_key_source",
    "new_vault",
    "recover",
    "unlock",
    "version_counter",
    "with_new_data_key",
    "with_new_phrase",
]
