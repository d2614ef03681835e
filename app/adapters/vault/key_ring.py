"""Key ring of one database: its keys, wrapped for the device and for the recovery phrase."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import KeyMissingError, WrongKeyError
from app.ports.entropy import Entropy
from app.ports.vault import KeyPurpose, WrappedFor, WrappedKey

KEY_LENGTH: Final = 32
NONCE_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class NamedKey:
    key_id: int
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of one database: `data` by key id, of which the newest seals.

    `recovery` is set once a phrase was made, so that new keys are wrapped for it.
    """

    data: Mapping[int, bytes] = field(repr=False)
    index: NamedKey
    recovery: NamedKey | None = None

    @property
    def newest(self) -> NamedKey:
        key_id = max(self.data)
        return NamedKey(key_id, self.data[key_id])


def new_key_ring(entropy: Entropy) -> KeyRing:
    first = _new_key(0, entropy)
    return KeyRing({first.key_id: first.key}, index=_new_key(0, entropy))


def rotated(ring: KeyRing, entropy: Entropy) -> KeyRing:
    """Return the ring with a new data key, which seals from now on; cells of older keys still open."""
    new = _new_key(ring.newest.key_id, entropy)
    return replace(ring, data={**ring.data, new.key_id: new.key})


def with_recovery(ring: KeyRing, recovery_key: bytes, entropy: Entropy) -> KeyRing:
    before = ring.recovery.key_id if ring.recovery else 0
    return replace(ring, recovery=NamedKey(_next_id(before, entropy), recovery_key))


def wrapped_for_device(ring: KeyRing, device_key: bytes, entropy: Entropy) -> tuple[WrappedKey, ...]:
    """Wrap all keys for the device, the recovery key among them."""
    own = [(KeyPurpose.RECOVERY, ring.recovery)] if ring.recovery else []
    return tuple(
        _wrap(named, purpose, WrappedFor.DEVICE, device_key, entropy)
        for purpose, named in [*_keys(ring), *own]
    )


def wrapped_for_recovery(ring: KeyRing, entropy: Entropy) -> tuple[WrappedKey, ...]:
    """Wrap the keys for the recovery phrase; empty while there is no phrase."""
    if ring.recovery is None:
        return ()
    wrapper = ring.recovery.key
    return tuple(
        _wrap(named, purpose, WrappedFor.RECOVERY, wrapper, entropy) for purpose, named in _keys(ring)
    )


def unwrapped(wraps: Iterable[WrappedKey], wrapped_for: WrappedFor, wrapper: bytes) -> KeyRing:
    """Return the ring that `wrapper` opens; raises WrongKeyError, or KeyMissingError without a wrap for it.

    A damaged wrap costs its own key alone, as long as the index key and one data key open.
    """
    theirs = [wrap for wrap in wraps if wrap.wrapped_for is wrapped_for]
    opened = _opened(theirs, wrapper)
    data = _data_keys(opened)
    index = _only(KeyPurpose.INDEX, opened)
    if data and index is not None:
        return KeyRing(data, index, _only(KeyPurpose.RECOVERY, opened))
    if len(opened) < len(theirs):
        raise WrongKeyError(place=wrapped_for.value)
    raise KeyMissingError(place=wrapped_for.value)


def with_device_keys(ring: KeyRing, wraps: Iterable[WrappedKey], device_key: bytes) -> KeyRing:
    """Return the ring with the data keys that this device key alone opens: of two wraps one may be damaged."""
    theirs = [wrap for wrap in wraps if wrap.wrapped_for is WrappedFor.DEVICE]
    return replace(ring, data={**_data_keys(_opened(theirs, device_key)), **ring.data})


def unopened(ring: KeyRing, wraps: Iterable[WrappedKey]) -> tuple[WrappedKey, ...]:
    """Return the wraps of data keys that the ring lacks: replacing these would lose the keys for good."""
    return tuple(wrap for wrap in wraps if wrap.purpose is KeyPurpose.DATA and wrap.key_id not in ring.data)


def lost_keys(ring: KeyRing, wraps: Sequence[WrappedKey]) -> bool:
    """Return whether a wrapped key is missing from the ring: wrapping the ring again would lose it for good."""
    phrase = any(wrap.wrapped_for is WrappedFor.RECOVERY for wrap in wraps)
    return bool(unopened(ring, wraps)) or (phrase and ring.recovery is None)


def _keys(ring: KeyRing) -> list[tuple[KeyPurpose, NamedKey]]:
    data = [(KeyPurpose.DATA, NamedKey(key_id, key)) for key_id, key in ring.data.items()]
    return [*data, (KeyPurpose.INDEX, ring.index)]


def _opened(wraps: Iterable[WrappedKey], wrapper: bytes) -> list[tuple[WrappedKey, bytes]]:
    return [(wrap, key) for wrap in wraps if (key := _unwrap(wrap, wrapper)) is not None]


def _data_keys(opened: Iterable[tuple[WrappedKey, bytes]]) -> dict[int, bytes]:
    return {wrap.key_id: key for wrap, key in opened if wrap.purpose is KeyPurpose.DATA}


def _only(purpose: KeyPurpose, opened: Iterable[tuple[WrappedKey, bytes]]) -> NamedKey | None:
    return next((NamedKey(wrap.key_id, key) for wrap, key in opened if wrap.purpose is purpose), None)


def _new_key(before: int, entropy: Entropy) -> NamedKey:
    return NamedKey(_next_id(before, entropy), entropy.bytes(KEY_LENGTH))


def _next_id(before: int, entropy: Entropy) -> int:
    """Return an id greater than `before`.

    The lower half is random, so that two PCs that rotate at once make different ids.
    """
    return (((before >> 16) + 1) << 16) | int.from_bytes(entropy.bytes(2), "big")


def _wrap(
    named: NamedKey, purpose: KeyPurpose, wrapped_for: WrappedFor, wrapper: bytes, entropy: Entropy
) -> WrappedKey:
    nonce = entropy.bytes(NONCE_LENGTH)
    bound_to = _bound_to(named.key_id, purpose, wrapped_for)
    wrapped = nonce + AESGCM(wrapper).encrypt(nonce, named.key, bound_to)
    return WrappedKey(named.key_id, purpose, wrapped_for, wrapped)


def _unwrap(wrap: WrappedKey, wrapper: bytes) -> bytes | None:
    nonce, ciphertext = wrap.wrapped[:NONCE_LENGTH], wrap.wrapped[NONCE_LENGTH:]
    bound_to = _bound_to(wrap.key_id, wrap.purpose, wrap.wrapped_for)
    try:
        return AESGCM(wrapper).decrypt(nonce, ciphertext, bound_to)
    except (InvalidTag, ValueError):
        return None


def _bound_to(key_id: int, purpose: KeyPurpose, wrapped_for: WrappedFor) -> bytes:
    return f"coco-loko key wrap 1|{key_id}|{purpose}|{wrapped_for}".encode()
