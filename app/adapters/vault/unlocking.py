"""Unlocking: from wrapped keys and a source of the device key to an open vault."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.device_key import DeviceKeySource, SourceUnusableError
from app.adapters.vault.file_sources import EnvironmentSource, KeyFileSource
from app.adapters.vault.key_ring import (
    KEY_LENGTH,
    KeyRing,
    lost_keys,
    new_key_ring,
    rotated,
    unopened,
    unwrapped,
    with_device_keys,
    with_recovery,
    wrapped_for_device,
    wrapped_for_recovery,
)
from app.adapters.vault.recovery_phrase import new_phrase, recovery_key
from app.domain.errors import BadKeyError, KeyMissingError, NoKeyPlaceError, WrongKeyError
from app.ports.entropy import Entropy
from app.ports.vault import WrappedFor, WrappedKey

_DAMAGED: Final = ("not_a_key", "length", "not_plain_text")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """Open vault; the database has to store its `wraps` and `place` from now on."""

    vault: KeyRingVault
    place: str
    wraps: tuple[WrappedKey, ...]
    ring: KeyRing = field(repr=False)
    device_key: bytes = field(repr=False)

    def is_of(self, wraps: Sequence[WrappedKey]) -> bool:
        """Return whether this PC's device key opens these wraps, and to the same index key: a copy of one database."""
        try:
            return unwrapped(wraps, WrappedFor.DEVICE, self.device_key).index == self.ring.index
        except (WrongKeyError, KeyMissingError):
            return False

    def over(self, vault: KeyRingVault) -> Self:
        """Return the same keys beside another vault object, which has adopted the ring."""
        return replace(self, vault=vault)


def new_vault(place: DeviceKeySource, entropy: Entropy) -> Unlocked:
    """Make the keys of a new database; raises NoKeyPlaceError."""
    try:
        device_key = place.read() or _new_device_key(place, entropy)
    except SourceUnusableError as error:
        raise NoKeyPlaceError(place=place.name, reason=error.reason) from error
    return _unlocked(new_key_ring(entropy), device_key, place.name, entropy)


def unlock(
    wraps: Sequence[WrappedKey], place: DeviceKeySource, remembered: str | None, entropy: Entropy
) -> Unlocked:
    """Open the keys of an existing database; never makes new ones.

    Raises KeyMissingError where the remembered source is not the one in use, or has lost the key, and WrongKeyError
    where a key is there that does not open these wraps.
    """
    try:
        device_key = place.read()
    except SourceUnusableError as error:
        raise KeyMissingError(place=remembered or place.name, reason=error.reason) from error
    if device_key is None:
        raise KeyMissingError(place=remembered or place.name)
    try:
        ring = unwrapped(wraps, WrappedFor.DEVICE, device_key)
    except WrongKeyError:
        if remembered in (None, place.name) or place.given:
            raise WrongKeyError(place=place.name) from None
        raise KeyMissingError(place=str(remembered)) from None
    return Unlocked(KeyRingVault(ring, entropy), place.name, tuple(wraps), ring, device_key)


def recover(wraps: Sequence[WrappedKey], phrase: str, place: DeviceKeySource, entropy: Entropy) -> Unlocked:
    """Open the keys by the recovery phrase and wrap them for this PC's device key.

    A data key whose recovery wrap is damaged comes from the wrap of this PC's device key. A wrap that opens with
    neither stays as it is: another PC's device key may open it, and no row that needs its key is given up.

    A PC without a device key, or with a damaged one, gets a new one. Raises BadKeyError for an invalid phrase,
    WrongKeyError for another database's, KeyMissingError where no phrase was ever made, NoKeyPlaceError.
    """
    key = recovery_key(phrase)
    ring = with_recovery(_ring_of_phrase(wraps, key), key, entropy)
    try:
        device_key = _kept_key(place) or _new_device_key(place, entropy)
    except SourceUnusableError as error:
        raise NoKeyPlaceError(place=place.name, reason=error.reason) from error
    ring = with_device_keys(ring, wraps, device_key)
    recovered = _unlocked(ring, device_key, place.name, entropy)
    return replace(recovered, wraps=recovered.wraps + unopened(ring, wraps))


def with_new_phrase(unlocked: Unlocked, entropy: Entropy) -> tuple[str, Unlocked]:
    """Return a new phrase, shown once, and the keys wrapped for it as by `with_phrase`."""
    phrase = new_phrase(entropy)
    return phrase, with_phrase(unlocked, phrase, entropy)


def with_phrase(unlocked: Unlocked, phrase: str, entropy: Entropy) -> Unlocked:
    """Return the keys wrapped for this phrase; a former one is void.

    Raises BadKeyError, and WrongKeyError where a key could not be unwrapped: the recovery phrase restores it first.
    """
    _refuse_loss(unlocked)
    ring = with_recovery(unlocked.ring, recovery_key(phrase), entropy)
    return _unlocked(ring, unlocked.device_key, unlocked.place, entropy)


def with_new_data_key(unlocked: Unlocked, entropy: Entropy) -> Unlocked:
    """Rotate the data key: one more key, which seals from now on; raises WrongKeyError as `with_new_phrase` does."""
    _refuse_loss(unlocked)
    return _unlocked(rotated(unlocked.ring, entropy), unlocked.device_key, unlocked.place, entropy)


def _refuse_loss(unlocked: Unlocked) -> None:
    if lost_keys(unlocked.ring, unlocked.wraps):
        raise WrongKeyError(place=unlocked.place)


def _unlocked(ring: KeyRing, device_key: bytes, place: str, entropy: Entropy) -> Unlocked:
    wraps = wrapped_for_device(ring, device_key, entropy) + wrapped_for_recovery(ring, entropy)
    return Unlocked(KeyRingVault(ring, entropy), place, wraps, ring, device_key)


def _ring_of_phrase(wraps: Sequence[WrappedKey], key: bytes) -> KeyRing:
    try:
        return unwrapped(wraps, WrappedFor.RECOVERY, key)
    except WrongKeyError as error:
        raise WrongKeyError(**error.facts, reason="phrase") from None
    except KeyMissingError as error:
        raise KeyMissingError(**error.facts, reason="no_phrase") from None


def _kept_key(place: DeviceKeySource) -> bytes | None:
    """Return the source's key; None for a damaged one or a forgotten passphrase, once the phrase has opened the keys.

    Raises BadKeyError for a damaged key that a person gave: the program must not replace it.
    """
    try:
        return place.read()
    except WrongKeyError:
        return None
    except BadKeyError as damaged:
        if damaged.facts.get("reason") in _DAMAGED and not isinstance(
            place, EnvironmentSource | KeyFileSource
        ):
            return None
        raise


def _new_device_key(place: DeviceKeySource, entropy: Entropy) -> bytes:
    key = entropy.bytes(KEY_LENGTH)
    place.keep(key)
    return key
