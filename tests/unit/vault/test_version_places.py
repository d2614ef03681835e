"""Where the number that tells an older copy of the database is kept, and what becomes of it when the place refuses."""

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

from app.adapters.vault import KeySources, device_key_place, new_vault, version_counter
from app.adapters.vault.version_places import FILE, PlacedVersion, VersionInFile, VersionInKeyring
from app.domain.errors import VersionUnkeptError
from app.ports.version_counter import VersionCounter
from tests.simulators.memory_keyring import (
    FailingKeyring,
    ForgetfulKeyring,
    MemoryKeyring,
    in_use,
    no_keyring,
)
from tests.simulators.seeded_entropy import SeededEntropy

MASTER_KEY = "ab" * 32


def kept_and_read(counter: VersionCounter, number: int) -> int | None:
    async def story() -> int | None:
        await counter.keep(number)
        return await counter.read()

    return asyncio.run(story())


def counter_for(folder: Path, seed: int = 0, **given: Any) -> VersionCounter:
    sources, entropy = KeySources(folder, **{"training": False, **given}), SeededEntropy(seed)
    return version_counter(sources, new_vault(device_key_place(sources, entropy), entropy).vault)


def test_beside_a_device_key_in_the_keyring_each_database_has_an_entry_of_its_own(tmp_path: Path) -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        one, other = counter_for(tmp_path, seed=1), counter_for(tmp_path, seed=2)
        assert kept_and_read(one, 7) == 7
        assert asyncio.run(other.read()) is None
        assert kept_and_read(other, 9) == 9
        assert asyncio.run(one.read()) == 7
    assert len([service for service, _ in backend.entries if "version" in service]) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.requirement("D1")
@pytest.mark.parametrize("given", [{"training": True}, {"master_key": MASTER_KEY}, {"passphrase": "açaí"}])
def test_without_a_keyring_the_number_lies_in_a_file_that_is_its_owners_alone(
    tmp_path: Path, given: dict[str, Any]
) -> None:
    with in_use(no_keyring()):
        assert kept_and_read(counter_for(tmp_path, **given), 41) == 41
        assert kept_and_read(counter_for(tmp_path / "none", **given), 1) == 1
    assert (tmp_path / FILE).read_text() == "41"
    if os.name == "posix":
        assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_what_is_no_number_counts_as_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("sete")
    (tmp_path / FILE).chmod(0o600)
    assert asyncio.run(PlacedVersion(VersionInFile(tmp_path)).read()) is None


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
def test_a_keyring_that_refuses_is_said_to_and_says_nothing_of_what_it_holds(
    backend: MemoryKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    with in_use(backend), pytest.raises(VersionUnkeptError):
        kept_and_read(PlacedVersion(VersionInKeyring("ab")), 3)
    (record,) = [each for each in caplog.records if each.message == "version_place_unusable"]
    assert record.levelno == logging.WARNING
    assert vars(record)["reason"] in {"no_backend", "locked", "failed", "forgetful"}
    assert "12345678901" not in caplog.text


def test_a_keyring_that_never_answers_is_not_waited_for() -> None:
    never = Event()
    place = VersionInKeyring("ab", answers_within=timedelta(milliseconds=20))
    with in_use(FailingKeyring(never.wait)), pytest.raises(VersionUnkeptError):
        asyncio.run(PlacedVersion(place).read())
    never.set()


def test_a_folder_that_refuses_is_said_to(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    counter = PlacedVersion(VersionInFile(tmp_path))
    with pytest.raises(VersionUnkeptError):
        asyncio.run(counter.read())
    with pytest.raises(VersionUnkeptError):
        asyncio.run(counter.keep(1))
