"""Key ring: a wrapped key opens for its own wrapping key and purpose alone."""

from dataclasses import replace

import pytest

from app.adapters.vault.key_ring import (
    KEY_LENGTH,
    lost_keys,
    new_key_ring,
    rotated,
    unwrapped,
    with_recovery,
    wrapped_for_device,
    wrapped_for_recovery,
)
from app.domain.errors import KeyMissingError, WrongKeyError
from app.ports.vault import KeyPurpose, WrappedFor
from tests.simulators.seeded_entropy import SeededEntropy

CHANCE = SeededEntropy(2)
RING = rotated(new_key_ring(CHANCE), CHANCE)
DEVICE, PHRASE = CHANCE.bytes(KEY_LENGTH), CHANCE.bytes(KEY_LENGTH)
WRAPS = wrapped_for_device(RING, DEVICE, CHANCE)


def test_the_device_key_opens_the_whole_ring() -> None:
    assert unwrapped(WRAPS, WrappedFor.DEVICE, DEVICE) == RING


def test_the_recovery_key_opens_what_seals_and_what_is_looked_up() -> None:
    ring = with_recovery(RING, PHRASE, CHANCE)
    both = wrapped_for_device(ring, DEVICE, CHANCE) + wrapped_for_recovery(ring, CHANCE)
    assert unwrapped(both, WrappedFor.RECOVERY, PHRASE) == replace(ring, recovery=None)
    assert unwrapped(both, WrappedFor.DEVICE, DEVICE) == ring


def test_another_key_opens_nothing() -> None:
    with pytest.raises(WrongKeyError):
        unwrapped(WRAPS, WrappedFor.DEVICE, PHRASE)


def test_a_wrap_cannot_pass_for_another() -> None:
    first, second, *_ = WRAPS
    for false in (
        replace(first, key_id=second.key_id),
        replace(first, purpose=KeyPurpose.RECOVERY),
        replace(first, wrapped=second.wrapped),
        replace(first, wrapped=b""),
    ):
        rest = {key_id: key for key_id, key in RING.data.items() if key_id != first.key_id}
        assert unwrapped([false, *WRAPS[1:]], WrappedFor.DEVICE, DEVICE) == replace(RING, data=rest)
    for_recovery = [replace(wrap, wrapped_for=WrappedFor.RECOVERY) for wrap in WRAPS]
    with pytest.raises(WrongKeyError):
        unwrapped(for_recovery, WrappedFor.RECOVERY, DEVICE)


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("purpose", [KeyPurpose.INDEX, KeyPurpose.DATA])
def test_unwrapped_refuses_a_ring_whose_needed_wraps_are_damaged(purpose: KeyPurpose) -> None:
    damaged = [
        replace(wrap, wrapped=wrap.wrapped[:-1]) if wrap.purpose is purpose else wrap for wrap in WRAPS
    ]
    with pytest.raises(WrongKeyError):
        unwrapped(damaged, WrappedFor.DEVICE, DEVICE)


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("purpose", [KeyPurpose.RECOVERY, KeyPurpose.DATA])
def test_lost_keys_tells_when_wrapping_anew_would_lose_one(purpose: KeyPurpose) -> None:
    ring = with_recovery(RING, PHRASE, CHANCE)
    wraps = wrapped_for_device(ring, DEVICE, CHANCE) + wrapped_for_recovery(ring, CHANCE)
    assert not lost_keys(unwrapped(wraps, WrappedFor.DEVICE, DEVICE), wraps)
    broken = next(
        place
        for place, wrap in enumerate(wraps)
        if wrap.purpose is purpose and wrap.wrapped_for is WrappedFor.DEVICE
    )
    damaged = [*wraps[:broken], replace(wraps[broken], wrapped=b""), *wraps[broken + 1 :]]
    assert lost_keys(unwrapped(damaged, WrappedFor.DEVICE, DEVICE), damaged)


@pytest.mark.parametrize("purpose", [KeyPurpose.DATA, KeyPurpose.INDEX])
def test_a_ring_that_is_not_whole_is_none(purpose: KeyPurpose) -> None:
    rest = [wrap for wrap in WRAPS if wrap.purpose is not purpose]
    with pytest.raises(KeyMissingError):
        unwrapped(rest, WrappedFor.DEVICE, DEVICE)


def test_without_a_phrase_nothing_is_wrapped_for_recovery() -> None:
    assert wrapped_for_recovery(RING, CHANCE) == ()
    with pytest.raises(KeyMissingError):
        unwrapped(WRAPS, WrappedFor.RECOVERY, PHRASE)


def test_two_pcs_that_rotate_at_once_make_different_keys_above_the_former() -> None:
    here, there = rotated(RING, SeededEntropy(3)), rotated(RING, SeededEntropy(4))
    assert here.newest.key_id != there.newest.key_id
    assert min(here.newest.key_id, there.newest.key_id) > RING.newest.key_id


def test_wraps_show_no_key_and_no_ciphertext() -> None:
    assert repr(WRAPS[0].wrapped) not in repr(WRAPS)
