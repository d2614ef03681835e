"""Manager's PIN across a restoration: the present one stays in force, whatever the copy has."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.adapters.sqlite.restoration import set_aside
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap import backups
from app.bootstrap.backups import back_up, restore_folder
from app.bootstrap.database import DATABASE, open_folder
from app.bootstrap.options import Options
from app.domain.audit import Actor, AuditResult
from app.domain.errors import DatabaseHeldError, DatabaseUnreadableError, PinLockedOutError, WrongPinError
from tests.harness.access import AccessHarness
from tests.harness.running_app import MASTER_KEY

pytestmark = [pytest.mark.requirement("X5"), pytest.mark.usefixtures("device_key")]

OLD, NEW, WRONG = "1357", "2468", "0000"
Work = Callable[[AccessHarness], Awaitable[None]]


@pytest.fixture
def device_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", MASTER_KEY)


def _at(folder: Path, work: Work) -> None:
    """Open the folder's database, as a start does, and do this with its access."""

    async def story() -> None:
        opened = open_folder(folder, SystemClock(), SystemEntropy(), training=False)
        try:
            access = AccessHarness(opened.store, vault=opened.vault)
            await access.pin.load()
            await work(access)
        finally:
            await opened.store.close()

    asyncio.run(story())


def _set(pin: str) -> Work:
    async def work(access: AccessHarness) -> None:
        await access.pin.set(pin)

    return work


async def _no_work(_: AccessHarness) -> None:
    """Make the database."""


async def _fail_five_times(access: AccessHarness) -> None:
    for _ in range(5):
        with suppress(WrongPinError, PinLockedOutError):
            await access.gate.unlock(WRONG)


def _opens_by(pin: str) -> Work:
    async def work(access: AccessHarness) -> None:
        assert access.gate.has_pin
        await access.gate.unlock(pin)
        assert access.gate.actor is Actor.MANAGER

    return work


def _shop(tmp_path: Path, copied: Work, present: Work) -> tuple[Path, Path]:
    """Return a folder and its copy: what was done before the copy, and after it."""
    folder, copy = tmp_path / "loja", tmp_path / "copia.db"
    _at(folder, copied)
    back_up(Options(data_dir=folder), copy)
    _at(folder, present)
    return folder, copy


def _restore(folder: Path, copy: Path) -> None:
    restore_folder(folder, copy, training=False)


@pytest.mark.parametrize("copied", [_no_work, _set(OLD)])
def test_restoration_keeps_the_present_pin_over_an_older_copy(tmp_path: Path, copied: Work) -> None:
    folder, copy = _shop(tmp_path, copied, _set(NEW))
    _restore(folder, copy)
    _at(folder, _opens_by(NEW))


def test_restoration_keeps_the_lock_out_after_wrong_pins(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _set(NEW), _fail_five_times)
    _restore(folder, copy)

    async def is_locked(access: AccessHarness) -> None:
        with pytest.raises(PinLockedOutError):
            await access.gate.unlock(NEW)

    _at(folder, is_locked)


def test_restoration_keeps_the_copy_s_pin_where_none_is_set_now(tmp_path: Path) -> None:
    async def remove(access: AccessHarness) -> None:
        await access.pin.remove()

    folder, copy = _shop(tmp_path, _set(OLD), remove)
    _restore(folder, copy)
    _at(folder, _opens_by(OLD))


def test_restoration_keeps_the_copy_s_pin_where_the_database_is_damaged(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _set(OLD), _set(NEW))
    (folder / DATABASE).write_bytes(b"x" * 5000)
    with pytest.raises(DatabaseUnreadableError):
        _at(folder, _no_work)
    _restore(folder, copy)
    _at(folder, _opens_by(OLD))


def test_restoration_keeps_the_copy_s_pin_over_that_of_another_shop(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _set(OLD), _no_work)
    (folder / DATABASE).rename(tmp_path / "former.db")
    other = tmp_path / "outra"
    _at(other, _set(NEW))
    shutil.copy(other / DATABASE, folder / DATABASE)
    _restore(folder, copy)
    _at(folder, _opens_by(OLD))


def test_second_restoration_keeps_the_pin_of_the_database_in_use(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _no_work, _set(NEW))
    _restore(folder, copy)
    assert set_aside(folder / DATABASE).exists()
    _restore(folder, copy)
    _at(folder, _opens_by(NEW))


def test_restoration_reads_the_pin_from_the_log_of_a_killed_program(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _no_work, _no_work)
    killed = tmp_path / "killed"
    killed.mkdir()

    async def set_and_die(access: AccessHarness) -> None:
        await access.pin.set(NEW)
        for ending in ("", "-wal"):
            shutil.copy(folder / f"{DATABASE}{ending}", killed / f"{DATABASE}{ending}")

    _at(folder, set_and_die)
    _restore(killed, copy)
    _at(killed, _opens_by(NEW))


def test_restoration_enters_the_audit_log_of_the_restored_database(tmp_path: Path) -> None:
    folder, copy = _shop(tmp_path, _no_work, _set(NEW))
    _restore(folder, copy)

    async def tells(access: AccessHarness) -> None:
        (entry,) = await access.audit.latest(1)
        event = entry.event
        assert (event.act, event.actor, event.result) == ("restore", Actor.CASHIER, AuditResult.ALLOWED)
        assert (await access.audit.verify()).is_sound

    _at(folder, tells)


def test_restoration_refuses_while_the_present_pin_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, copy = _shop(tmp_path, _no_work, _set(NEW))

    def held(*_: object) -> None:
        raise DatabaseHeldError

    with monkeypatch.context() as program:
        program.setattr(backups, "read_closed", held)
        with pytest.raises(DatabaseHeldError):
            _restore(folder, copy)
    _at(folder, _opens_by(NEW))


class _Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("step", range(3))
def test_killed_restoration_leaves_no_database_without_the_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    folder, copy = _shop(tmp_path, _no_work, _set(NEW))
    done: list[Path] = []
    replace = Path.replace

    def dying(self: Path, target: Path) -> Path:
        if len(done) == step:
            raise _Killed
        done.append(target)
        return replace(self, target)

    with monkeypatch.context() as power:
        power.setattr(Path, "replace", dying)
        with suppress(_Killed):
            _restore(folder, copy)
    assert len(done) == step
    _at(folder, _opens_by(NEW))
