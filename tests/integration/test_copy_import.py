"""Import of another PC's backup into a new shop: refused where it would lose orders, opened by its phrase alone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.adapters.sqlite import restoration
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap import copy_import
from app.bootstrap.backups import back_up
from app.bootstrap.database import DATABASE, OpenedFolder, open_folder
from app.bootstrap.options import Options
from app.bootstrap.recovery import recover_folder
from app.bootstrap.windowed import _Windowed
from app.domain.errors import BackupRefusedError, WrongKeyError
from app.services.runtime.restore_detector import RESTORED_MARK
from tests.contracts.asked_store import owed
from tests.harness.watched_clock import order_of

pytestmark = pytest.mark.requirement("X3")

_FIRST_PC, _SECOND_PC = "cd" * 32, "ab" * 32
OnPc = Callable[[str], None]


class _PowerCutError(Exception):
    """Stands for the end of the process."""


@pytest.fixture
def on_pc(monkeypatch: pytest.MonkeyPatch) -> OnPc:
    return lambda key: monkeypatch.setenv("COCO_MASTER_KEY", key)


def _open(folder: Path) -> OpenedFolder:
    return open_folder(folder, SystemClock(), SystemEntropy(), training=False)


def _fill(folder: Path, *, phrase: bool = True) -> str:
    """Make a shop with one waiting message; return its phrase."""
    opened = _open(folder)

    async def fill() -> str:
        words = opened.custody.draft_phrase()
        if phrase:
            await opened.custody.keep_phrase(words)
        await opened.store.transact(lambda rows: rows.notifications.add(owed()))
        await opened.store.close()
        return words

    return asyncio.run(fill())


def _kept(folder: Path) -> tuple[str | None, bool]:
    """Return the waiting message's text, and whether the database is marked as a copy."""
    opened = _open(folder)

    async def read() -> tuple[str | None, bool]:
        row = await opened.store.read(lambda rows: rows.notifications.get(owed().id))
        mark = await opened.store.read(lambda rows: rows.settings.get(RESTORED_MARK))
        await opened.store.close()
        return (row.text if row else None), bool(mark)

    return asyncio.run(read())


def _copy_of_first_pc(tmp_path: Path, on_pc: OnPc, *, phrase: bool = True) -> tuple[Path, str]:
    on_pc(_FIRST_PC)
    words, copy = _fill(tmp_path / "um", phrase=phrase), tmp_path / "copia.db"
    back_up(Options(data_dir=tmp_path / "um"), copy)
    on_pc(_SECOND_PC)
    return copy, words


def _import(folder: Path, copy: Path) -> None:
    window = _Windowed(Options(data_dir=folder))
    window._folder = folder
    asyncio.run(window._import_copy(copy))


def test_imported_copy_waits_for_its_phrase_and_opens_marked(tmp_path: Path, on_pc: OnPc) -> None:
    copy, phrase = _copy_of_first_pc(tmp_path, on_pc)
    second = tmp_path / "dois"
    assert _kept(second) == (None, False)
    _import(second, copy)
    with pytest.raises(WrongKeyError):
        _open(second)
    recover_folder(second, phrase, training=False)
    assert _kept(second) == (owed().text, True)


def test_imported_copy_opens_marked_where_both_pcs_have_one_key(tmp_path: Path, on_pc: OnPc) -> None:
    copy, _ = _copy_of_first_pc(tmp_path, on_pc, phrase=False)
    on_pc(_FIRST_PC)
    assert _kept(tmp_path / "dois") == (None, False)
    _import(tmp_path / "dois", copy)
    assert _kept(tmp_path / "dois") == (owed().text, True)


def test_import_refuses_a_copy_that_nothing_could_open(tmp_path: Path, on_pc: OnPc) -> None:
    copy, _ = _copy_of_first_pc(tmp_path, on_pc, phrase=False)
    damaged, second = tmp_path / "ruim.db", tmp_path / "dois"
    damaged.write_bytes(copy.read_bytes()[:5000])
    for file, reason in ((copy, "no_phrase"), (damaged, "damaged"), (tmp_path / "nada.db", "missing")):
        with pytest.raises(BackupRefusedError) as refused:
            _import(second, file)
        assert refused.value.facts["reason"] == reason
        assert _kept(second) == (None, False)
    assert not list(second.glob("*.candidate*"))


def test_import_refuses_to_replace_a_shop_that_has_orders(tmp_path: Path, on_pc: OnPc) -> None:
    copy, _ = _copy_of_first_pc(tmp_path, on_pc)
    second = tmp_path / "dois"
    store = _open(second).store

    async def sell() -> None:
        await store.transact(lambda rows: rows.orders.save(order_of(1, SystemClock().now())))
        await store.close()

    asyncio.run(sell())
    with pytest.raises(BackupRefusedError) as refused:
        _import(second, copy)
    assert refused.value.facts["reason"] == "used"
    assert _kept(second) == (None, False)


@pytest.mark.parametrize("act", ["_prepare", "copy_candidate", "put_in_place"])
def test_interrupted_import_leaves_the_empty_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_pc: OnPc, act: str
) -> None:
    copy, _ = _copy_of_first_pc(tmp_path, on_pc)

    def cut(*_: object, **__: object) -> None:
        raise _PowerCutError

    with monkeypatch.context() as power:
        power.setattr(copy_import if act == "_prepare" else restoration, act, cut)
        with pytest.raises(_PowerCutError):
            _import(tmp_path / "dois", copy)
    assert _kept(tmp_path / "dois") == (None, False)


def test_import_ends_at_the_next_start_once_it_was_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_pc: OnPc
) -> None:
    copy, phrase = _copy_of_first_pc(tmp_path, on_pc)
    second = tmp_path / "dois"
    assert _kept(second) == (None, False)
    replace, renames = Path.replace, list[Path]()

    def cut_after_first(file: Path, target: Path) -> Path:
        if renames:
            raise _PowerCutError
        renames.append(file)
        return replace(file, target)

    with monkeypatch.context() as power:
        power.setattr(Path, "replace", cut_after_first)
        with pytest.raises(_PowerCutError):
            _import(second, copy)
    with pytest.raises(WrongKeyError):
        _open(second)
    assert (second / DATABASE).exists()
    recover_folder(second, phrase, training=False)
    assert _kept(second) == (owed().text, True)
