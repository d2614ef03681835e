"""Recovery by the phrase where wraps of data keys are damaged: no key is lost that a wrap still holds."""

from base64 import b64encode
from dataclasses import replace
from pathlib import Path

import pytest

from app.adapters.vault import (
    DeviceKeySettings,
    Unlocked,
    device_key_source,
    new_vault,
    recover,
    unlock,
    with_new_data_key,
    with_new_phrase,
)
from app.ports.vault import KeyPurpose, WrappedFor, WrappedKey
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("Z1")

CHANCE = SeededEntropy(9)
MASTER = b64encode(bytes(range(32))).decode()
OTHER_MASTER = b64encode(bytes(32)).decode()


def _make(sources: DeviceKeySettings) -> Unlocked:
    return new_vault(device_key_source(sources, CHANCE), CHANCE)


def _open(made: Unlocked, sources: DeviceKeySettings) -> Unlocked:
    return unlock(made.wraps, device_key_source(sources, CHANCE), made.place, CHANCE)


def _opens_the_same(made: Unlocked, opened: Unlocked) -> bool:
    return opened.vault.open(made.vault.seal(b"Ana", "a.b"), "a.b") == b"Ana"


@pytest.fixture
def real(tmp_path: Path) -> DeviceKeySettings:
    return DeviceKeySettings(tmp_path, training=False)


def _torn(made: Unlocked, key_id: int, *wrapped_for: WrappedFor) -> list[WrappedKey]:
    """Return the wraps, those of this data key for these wrappers damaged."""
    return [
        replace(wrap, wrapped=b"torn")
        if (wrap.key_id, wrap.purpose) == (key_id, KeyPurpose.DATA) and wrap.wrapped_for in wrapped_for
        else wrap
        for wrap in made.wraps
    ]


@pytest.mark.parametrize("place", [0, 1])
def test_recover_takes_a_key_with_a_torn_wrap_from_the_device(real: DeviceKeySettings, place: int) -> None:
    given = replace(real, master_key=MASTER)
    phrase, first = with_new_phrase(_make(given), CHANCE)
    made = with_new_data_key(first, CHANCE)
    torn = sorted(made.ring.data)[place]
    wraps = _torn(made, torn, WrappedFor.RECOVERY)
    recovered = recover(wraps, phrase, device_key_source(given, CHANCE), CHANCE)
    assert recovered.ring.data == made.ring.data
    assert _opens_the_same(first, _open(recovered, given))
    other_pc = device_key_source(replace(real, master_key=OTHER_MASTER), CHANCE)
    assert recover(recovered.wraps, phrase, other_pc, CHANCE).ring.data == made.ring.data


def test_recover_keeps_a_wrap_that_opens_with_neither_key(real: DeviceKeySettings) -> None:
    old_pc, new_pc = replace(real, master_key=MASTER), replace(real, master_key=OTHER_MASTER)
    phrase, first = with_new_phrase(_make(old_pc), CHANCE)
    made = with_new_data_key(first, CHANCE)
    torn = min(made.ring.data)
    wraps = _torn(made, torn, WrappedFor.RECOVERY)
    recovered = recover(wraps, phrase, device_key_source(new_pc, CHANCE), CHANCE)
    unopened = [wrap for wrap in wraps if (wrap.key_id, wrap.purpose) == (torn, KeyPurpose.DATA)]
    assert len(unopened) == 2
    assert set(unopened) <= set(recovered.wraps)
    assert _opens_the_same(made, _open(recovered, new_pc))
    with_old_key = recover(recovered.wraps, phrase, device_key_source(old_pc, CHANCE), CHANCE)
    assert with_old_key.ring.data == made.ring.data
    assert _opens_the_same(first, _open(with_old_key, old_pc))
