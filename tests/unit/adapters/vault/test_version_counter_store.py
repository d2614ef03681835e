"""Version counter store, which reveals older database copies: its place, and refusals of that place."""

import asyncio
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from keyring.errors import KeyringError, KeyringLocked

from app.adapters.vault import DeviceKeySettings, device_key_source, new_vault, version_counter
from app.adapters.vault.version_counter_store import (
    FILE,
    FileVersionStore,
    KeyringVersionStore,
    StoredVersionCounter,
)
from app.domain.errors import VersionNotStoredError
from app.ports.version_counter import VersionCounter, VersionMark
from tests.simulators.memory_keyring import (
    FailingKeyring,
    ForgetfulKeyring,
    MemoryKeyring,
    in_use,
    no_keyring,
)
from tests.simulators.seeded_entropy import SeededEntropy

MASTER_KEY = "ab" * 32


SEVEN, NINE = VersionMark(7, "a1" * 16), VersionMark(9, "b2" * 16)


def kept_and_read(counter: VersionCounter, mark: VersionMark) -> VersionMark | None:
    async def story() -> VersionMark | None:
        await counter.keep(mark)
        return await counter.read()

    return asyncio.run(story())


def copied_and_read(counter: VersionCounter, mark: VersionMark) -> VersionMark | None:
    async def story() -> VersionMark | None:
        await counter.keep_copy(mark)
        return await counter.read_copy()

    return asyncio.run(story())


def counter_for(folder: Path, seed: int = 0, *, with_home: bool = True, **given: Any) -> VersionCounter:
    sources, entropy = DeviceKeySettings(folder / "data", **{"training": False, **given}), SeededEntropy(seed)
    vault = new_vault(device_key_source(sources, entropy), entropy).vault
    return version_counter(sources, vault, folder / "state" if with_home else None)


def test_each_database_has_its_own_file_and_its_own_entry_in_the_keyring(tmp_path: Path) -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        one, other = counter_for(tmp_path, seed=1), counter_for(tmp_path, seed=2)
        for kept_in, read in ((kept_and_read, one.read), (copied_and_read, one.read_copy)):
            assert kept_in(one, SEVEN) == SEVEN
            assert kept_in(other, NINE) == NINE
            assert asyncio.run(read()) == SEVEN
    assert len([service for service, _ in backend.entries if "version" in service]) == 2
    assert not (tmp_path / "data").exists()
    files = list((tmp_path / "state").iterdir())
    assert len(files) == 2
    if os.name == "posix":
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


@pytest.mark.parametrize("given", [{"master_key": MASTER_KEY}, {"passphrase": "açaí"}])
def test_version_lies_in_the_data_folder_when_the_keyring_has_no_key(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    with in_use(no_keyring()):
        counter = counter_for(tmp_path, **given)
        assert kept_and_read(counter, SEVEN) == SEVEN
        assert asyncio.run(counter.read_copy()) is None
        assert copied_and_read(counter, NINE) == NINE
    assert (tmp_path / "data" / FILE).read_text() == f"9 {NINE.incarnation}"
    assert asyncio.run(counter.read()) == SEVEN


@pytest.mark.requirement("D1")
def test_training_keeps_its_mark_in_its_own_folder_alone(tmp_path: Path) -> None:
    with in_use(no_keyring()):
        counter = counter_for(tmp_path, training=True)
        assert kept_and_read(counter, SEVEN) == SEVEN
        assert copied_and_read(counter, NINE) is None
    assert (tmp_path / "data" / FILE).exists()
    assert not (tmp_path / "state").exists()


@pytest.mark.requirement("Z6")
def test_version_counter_keeps_its_mark_in_the_data_folder_without_a_home(tmp_path: Path) -> None:
    counter = counter_for(tmp_path, with_home=False, master_key=MASTER_KEY)
    assert kept_and_read(counter, NINE) == NINE
    assert asyncio.run(counter.read_copy()) is None
    assert [file.name for file in (tmp_path / "data").iterdir()] == [FILE]
    with in_use(MemoryKeyring()):
        counter = counter_for(tmp_path / "other", with_home=False)
        assert copied_and_read(counter, SEVEN) == SEVEN
        assert kept_and_read(counter, NINE) == NINE


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("41", VersionMark(41)),
        ("41 a1", VersionMark(41, "a1")),
        *((odd, None) for odd in ("", "sete", "4 1 2", "-4", "41 ", " 41", "9" * 19)),
    ],
)
def test_file_of_another_form_counts_as_none(tmp_path: Path, text: str, mark: VersionMark | None) -> None:
    (tmp_path / FILE).write_bytes(text.encode())
    (tmp_path / FILE).chmod(0o600)
    assert asyncio.run(StoredVersionCounter(FileVersionStore(tmp_path / FILE)).read()) == mark


def _raises(error: Exception) -> Callable[[], None]:
    def fault() -> None:
        raise error

    return fault


@pytest.mark.parametrize(
    "backend",
    [
        no_keyring(),
        FailingKeyring(_raises(KeyringLocked())),
        FailingKeyring(_raises(KeyringError("chave 12345678901"))),
        ForgetfulKeyring(),
    ],
)
def test_keyring_that_refuses_is_reported_without_its_contents(
    backend: MemoryKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    with in_use(backend), pytest.raises(VersionNotStoredError):
        kept_and_read(StoredVersionCounter(KeyringVersionStore("ab")), SEVEN)
    (record,) = [each for each in caplog.records if each.message == "version_place_unusable"]
    assert record.levelno == logging.WARNING
    assert vars(record)["reason"] in {"no_backend", "locked", "failed", "forgetful"}
    assert "12345678901" not in caplog.text


def test_a_keyring_that_never_answers_is_not_waited_for() -> None:
    never = Event()
    place = KeyringVersionStore("ab", answers_within=timedelta(milliseconds=20))
    with in_use(FailingKeyring(never.wait)), pytest.raises(VersionNotStoredError):
        asyncio.run(StoredVersionCounter(place).read())
    never.set()


def test_a_folder_that_refuses_is_said_to(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    counter = StoredVersionCounter(FileVersionStore(tmp_path / FILE))
    with pytest.raises(VersionNotStoredError):
        asyncio.run(counter.read())
    with pytest.raises(VersionNotStoredError):
        asyncio.run(counter.keep(SEVEN))
