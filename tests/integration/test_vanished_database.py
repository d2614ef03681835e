"""A data folder that was emptied is no first day, where anything still tells that it held a shop."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.adapters.sqlite.atomic_files import with_neighbours
from app.adapters.system.clock import SystemClock
from app.bootstrap.database import DATABASE, OpenedFolder, open_folder
from app.domain.errors import DatabaseVanishedError
from app.ports.version_counter import VersionMark
from tests.simulators.memory_keyring import ForgetfulKeyring, MemoryKeyring, in_use
from tests.simulators.seeded_entropy import SeededEntropy

pytestmark = pytest.mark.requirement("Z6")

KEYS = ("COCO_MASTER_KEY", "COCO_KEY_FILE", "COCO_PASSPHRASE")


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    backend = MemoryKeyring()
    with in_use(backend):
        yield backend


def _open(folder: Path, *, training: bool = False, anew: bool = False) -> None:
    folder.mkdir(exist_ok=True)
    opened = open_folder(folder, SystemClock(), SeededEntropy(), training=training, anew=anew)
    asyncio.run(_note_version_and_close(opened))


async def _note_version_and_close(opened: OpenedFolder) -> None:
    await opened.version.keep(VersionMark(1))
    await opened.version.keep_copy(VersionMark(1))
    await opened.store.close()


def _empty(folder: Path, *spared: str) -> None:
    for file in folder.iterdir():
        if file.name not in spared:
            file.unlink()


def _refused(folder: Path) -> None:
    before = sorted(file.name for file in folder.iterdir())
    with pytest.raises(DatabaseVanishedError):
        _open(folder)
    assert sorted(file.name for file in folder.iterdir()) == before


def test_emptied_folder_is_refused_when_the_keyring_knows_it(tmp_path: Path) -> None:
    _open(tmp_path)
    _empty(tmp_path)
    _refused(tmp_path)
    tmp_path.rmdir()
    tmp_path.mkdir()
    _refused(tmp_path)


def test_emptied_folder_begins_anew_when_a_person_says_so(tmp_path: Path) -> None:
    _open(tmp_path)
    _empty(tmp_path)
    _open(tmp_path, anew=True)
    _open(tmp_path)


def test_new_database_leaves_one_that_is_there_as_it_is(tmp_path: Path) -> None:
    _open(tmp_path)
    before = (tmp_path / DATABASE).read_bytes()
    _open(tmp_path, anew=True)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_another_folder_is_a_first_day_on_the_same_computer(tmp_path: Path) -> None:
    _open(tmp_path / "one")
    _open(tmp_path / "other")


@pytest.mark.parametrize("given", [("COCO_MASTER_KEY", "ab" * 32), ("COCO_PASSPHRASE", "açaí")])
def test_emptied_folder_is_refused_when_the_version_is_left_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keyring: MemoryKeyring, given: tuple[str, str]
) -> None:
    monkeypatch.setenv(*given)
    _open(tmp_path)
    _empty(tmp_path, "version.number", "device.key")
    _refused(tmp_path)
    assert keyring.entries == {}


@pytest.mark.parametrize("content", [None, b""])
def test_folder_is_refused_when_only_the_log_of_its_database_is_left(
    tmp_path: Path, content: bytes | None
) -> None:
    wal, _, database = with_neighbours(tmp_path / DATABASE)
    wal.write_bytes(b"the last orders")
    if content is not None:
        database.write_bytes(content)
    _refused(tmp_path)
    assert wal.read_bytes() == b"the last orders"


def test_emptied_database_file_is_refused(tmp_path: Path) -> None:
    _open(tmp_path)
    (tmp_path / DATABASE).write_bytes(b"")
    _refused(tmp_path)


def test_first_day_that_was_cut_short_goes_on(tmp_path: Path, keyring: MemoryKeyring) -> None:
    """The device key is kept before the database is made."""
    _open(tmp_path)
    _empty(tmp_path)
    for entry in [key for key in keyring.entries if "device-key" not in key[0]]:
        del keyring.entries[entry]
    (tmp_path / DATABASE).touch()
    _open(tmp_path)


def test_training_begins_anew_in_an_emptied_folder(tmp_path: Path, keyring: MemoryKeyring) -> None:
    _open(tmp_path, training=True)
    _empty(tmp_path)
    _open(tmp_path, training=True)
    assert keyring.entries == {}


def test_start_goes_on_when_the_keyring_forgets_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.bootstrap.database.device_key_source", _given_key)
    with in_use(ForgetfulKeyring()):
        opened = open_folder(tmp_path, SystemClock(), SeededEntropy(), training=False)
        asyncio.run(opened.store.close())
    assert "folder_not_noted" in caplog.messages


class _GivenKey:
    name, given = "keyring:test", False

    def read(self) -> bytes:
        return bytes(32)

    def keep(self, _key: bytes, /) -> None: ...


def _given_key(*_: object) -> _GivenKey:
    return _GivenKey()
