"""Unlocking: which key opens which database, and the refusal when no key does."""

from base64 import b64encode
from collections.abc import Callable
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
from app.adapters.vault.keyring_source import DEVICE_KEY
from app.domain.errors import BadKeyError, KeyMissingError, NoKeyPlaceError, WrongKeyError
from app.ports.vault import KeyPurpose, WrappedFor
from tests.simulators.memory_keyring import MemoryKeyring, in_use, no_keyring
from tests.simulators.seeded_entropy import SeededEntropy

CHANCE = SeededEntropy(8)
MASTER = b64encode(bytes(range(32))).decode()
OTHER_MASTER = b64encode(bytes(32)).decode()
NAME = MemoryKeyring.name


def _make(sources: DeviceKeySettings) -> Unlocked:
    return new_vault(device_key_source(sources, CHANCE), CHANCE)


def _open(made: Unlocked, sources: DeviceKeySettings) -> Unlocked:
    return unlock(made.wraps, device_key_source(sources, CHANCE), made.place, CHANCE)


def _opens_the_same(made: Unlocked, opened: Unlocked) -> bool:
    return opened.vault.open(made.vault.seal(b"Ana", "a.b"), "a.b") == b"Ana"


@pytest.fixture
def real(tmp_path: Path) -> DeviceKeySettings:
    return DeviceKeySettings(tmp_path, training=False)


def test_a_database_made_with_the_keyring_opens_with_the_keyring(real: DeviceKeySettings) -> None:
    with in_use(MemoryKeyring()):
        made = _make(real)
        opened = _open(made, real)
    assert opened.place == made.place == f"keyring:{NAME}"
    assert opened.wraps == made.wraps
    assert _opens_the_same(made, opened)


def test_second_database_on_this_pc_has_the_device_key_and_keys_of_its_own(real: DeviceKeySettings) -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        made = _make(real)
        before = dict(backend.entries)
        second = _make(real)
    assert backend.entries == before
    with pytest.raises(WrongKeyError):
        _opens_the_same(made, second)


@pytest.mark.parametrize("changes", [{"master_key": MASTER}, {"passphrase": "açaí"}])
def test_what_is_given_on_purpose_is_used_instead_of_the_keyring(
    real: DeviceKeySettings, changes: dict[str, str]
) -> None:
    backend = MemoryKeyring()
    given = replace(real, **changes)  # type: ignore[arg-type]
    with in_use(backend):
        made = _make(given)
        assert _opens_the_same(made, _open(made, given))
    assert backend.entries == {}
    assert made.place in ("environment", "passphrase")


def test_a_key_file_is_used_and_never_made(real: DeviceKeySettings) -> None:
    path = real.folder / "given"
    given = replace(real, key_file=path)
    with pytest.raises(BadKeyError):
        _make(given)
    assert not path.exists()
    path.write_text(MASTER)
    path.chmod(0o600)
    made = _make(given)
    assert made.place == "key_file"
    assert _opens_the_same(made, _open(made, replace(real, master_key=MASTER)))


@pytest.mark.requirement("D1")
def test_a_training_never_looks_into_the_keyring(real: DeviceKeySettings) -> None:
    backend = MemoryKeyring()
    training = replace(real, training=True)
    with in_use(backend):
        made = _make(training)
        assert _opens_the_same(made, _open(made, training))
    assert backend.entries == {}
    assert made.place == "training_file"


def test_without_any_place_no_database_is_made(real: DeviceKeySettings) -> None:
    with in_use(no_keyring()), pytest.raises(NoKeyPlaceError) as raised:
        _make(real)
    assert raised.value.facts == {"place": "keyring", "reason": "no_backend"}


def test_a_lost_key_is_missed_and_never_replaced(real: DeviceKeySettings) -> None:
    with in_use(MemoryKeyring()):
        made = _make(real)
    emptied = MemoryKeyring()
    with in_use(emptied), pytest.raises(KeyMissingError) as raised:
        _open(made, real)
    assert raised.value.facts["place"] == made.place
    assert emptied.entries == {}


def test_a_keyring_that_cannot_be_asked_is_a_missing_key_with_its_reason(real: DeviceKeySettings) -> None:
    with in_use(MemoryKeyring()):
        made = _make(real)
    with in_use(no_keyring()), pytest.raises(KeyMissingError) as raised:
        _open(made, real)
    assert raised.value.facts == {"place": made.place, "reason": "no_backend"}


def test_another_key_in_the_same_place_is_the_wrong_key(real: DeviceKeySettings) -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        made = _make(real)
        backend.set_password(DEVICE_KEY, "coco-loko", MASTER)
        with pytest.raises(WrongKeyError):
            _open(made, real)
    assert backend.get_password(DEVICE_KEY, "coco-loko") == MASTER


def test_keyring_other_than_the_remembered_one_counts_if_its_key_opens(
    real: DeviceKeySettings,
) -> None:
    class OtherKeyring(MemoryKeyring):
        priority = 0.1

    first, other = MemoryKeyring(), OtherKeyring()
    with in_use(first):
        made = replace(_make(real), place="keyring:remembered")
        assert _opens_the_same(made, _open(made, real))
    with in_use(other):
        other.set_password(DEVICE_KEY, "coco-loko", MASTER)
        with pytest.raises(KeyMissingError) as raised:
            _open(made, real)
        assert raised.value.facts == {"place": "keyring:remembered"}


def test_a_master_key_given_on_purpose_wins_over_the_remembered_place(real: DeviceKeySettings) -> None:
    given = replace(real, master_key=MASTER)
    made = replace(_make(given), place="keyring:remembered")
    assert _open(made, given).place == "environment"
    with pytest.raises(WrongKeyError):
        _open(made, replace(real, master_key=OTHER_MASTER))
    with pytest.raises(BadKeyError):
        _open(made, replace(real, master_key="x"))


def test_the_phrase_brings_the_keys_to_another_pc(real: DeviceKeySettings) -> None:
    with in_use(MemoryKeyring()):
        phrase, made = with_new_phrase(_make(real), CHANCE)
    with in_use(MemoryKeyring()):
        place = device_key_source(real, CHANCE)
        recovered = recover(made.wraps, phrase.upper(), place, CHANCE)
        assert _opens_the_same(made, recovered)
        assert _opens_the_same(made, _open(recovered, real))
    assert recovered.vault.blind_index("a", "b") == made.vault.blind_index("a", "b")


def test_the_phrase_helps_where_the_passphrase_was_forgotten(real: DeviceKeySettings) -> None:
    phrase, made = with_new_phrase(_make(replace(real, passphrase="old")), CHANCE)
    new = replace(real, passphrase="new")
    with pytest.raises(WrongKeyError):
        _open(made, new)
    recovered = recover(made.wraps, phrase, device_key_source(new, CHANCE), CHANCE)
    assert _opens_the_same(made, _open(recovered, new))


def test_phrase_replaces_a_damaged_key_of_our_own_and_none_that_was_given(real: DeviceKeySettings) -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        phrase, made = with_new_phrase(_make(real), CHANCE)
        ((entry, _),) = backend.entries.items()
        backend.entries[entry] = "torn"
        with pytest.raises(BadKeyError):
            _open(made, real)
        recovered = recover(made.wraps, phrase, device_key_source(real, CHANCE), CHANCE)
        assert _opens_the_same(made, _open(recovered, real))
    with pytest.raises(BadKeyError):
        recover(made.wraps, phrase, device_key_source(replace(real, master_key="x"), CHANCE), CHANCE)


def test_phrase_replaces_a_torn_passphrase_file(real: DeviceKeySettings) -> None:
    given = replace(real, passphrase="old")
    phrase, made = with_new_phrase(_make(given), CHANCE)
    (real.folder / "device.key").write_text('{"format": ', "ascii")
    recovered = recover(made.wraps, phrase, device_key_source(given, CHANCE), CHANCE)
    assert _opens_the_same(made, _open(recovered, given))


def test_a_wrong_phrase_changes_nothing(real: DeviceKeySettings) -> None:
    backend = MemoryKeyring()
    with in_use(MemoryKeyring()):
        made = _make(real)
        _, with_phrase = with_new_phrase(made, CHANCE)
        other_phrase, _ = with_new_phrase(made, CHANCE)
    with in_use(backend):
        place = device_key_source(real, CHANCE)
        with pytest.raises(WrongKeyError) as another:
            recover(with_phrase.wraps, other_phrase, place, CHANCE)
        with pytest.raises(KeyMissingError) as never_made:
            recover(made.wraps, other_phrase, place, CHANCE)
    assert (another.value.facts["reason"], never_made.value.facts["reason"]) == ("phrase", "no_phrase")
    assert backend.entries == {}


def test_a_recovered_database_still_needs_a_place_for_its_key(real: DeviceKeySettings) -> None:
    with in_use(MemoryKeyring()):
        phrase, made = with_new_phrase(_make(real), CHANCE)
    with in_use(no_keyring()), pytest.raises(NoKeyPlaceError):
        recover(made.wraps, phrase, device_key_source(real, CHANCE), CHANCE)


def test_a_key_made_after_the_phrase_is_recovered_by_it_too(real: DeviceKeySettings) -> None:
    given = replace(real, master_key=MASTER)
    phrase, made = with_new_phrase(_make(given), CHANCE)
    turned = with_new_data_key(_open(made, given), CHANCE)
    again = with_new_data_key(_open(turned, given), CHANCE)
    recovered = recover(again.wraps, phrase, device_key_source(given, CHANCE), CHANCE)
    assert _opens_the_same(made, recovered)
    assert _opens_the_same(again, recovered)
    assert {wrap.wrapped_for for wrap in recovered.wraps} == set(WrappedFor)


def test_a_new_phrase_ends_the_former_one(real: DeviceKeySettings) -> None:
    given = replace(real, master_key=MASTER)
    former, made = with_new_phrase(_make(given), CHANCE)
    newer, made = with_new_phrase(made, CHANCE)
    place = device_key_source(given, CHANCE)
    assert _opens_the_same(made, recover(made.wraps, newer, place, CHANCE))
    with pytest.raises(WrongKeyError):
        recover(made.wraps, former, place, CHANCE)


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("renew", [with_new_phrase, with_new_data_key])
def test_a_vault_that_lost_a_key_makes_no_new_wraps(
    real: DeviceKeySettings, renew: Callable[..., object]
) -> None:
    given = replace(real, master_key=MASTER)
    made = with_new_data_key(_make(given), CHANCE)
    first = min(wrap.key_id for wrap in made.wraps if wrap.purpose is KeyPurpose.DATA)
    damaged = [
        replace(wrap, wrapped=b"") if (wrap.key_id, wrap.purpose) == (first, KeyPurpose.DATA) else wrap
        for wrap in made.wraps
    ]
    opened = unlock(damaged, device_key_source(given, CHANCE), made.place, CHANCE)
    assert set(opened.ring.data) == set(made.ring.data) - {first}
    with pytest.raises(WrongKeyError):
        renew(opened, CHANCE)


def test_an_open_vault_shows_no_key(real: DeviceKeySettings) -> None:
    made = _make(replace(real, master_key=MASTER))
    assert repr(bytes(range(32))) not in repr(made)
    assert MASTER not in repr(replace(real, master_key=MASTER))
