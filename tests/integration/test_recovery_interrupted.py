"""Recovery by the phrase that a power cut interrupts: a copy never opens without its mark."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.sqlite.store import SqliteStore
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import OpenedFolder, open_folder
from app.bootstrap.recovery import recover_folder
from app.domain.errors import WrongKeyError
from app.services.runtime.restore_detector import RESTORED_MARK

pytestmark = pytest.mark.requirement("X3")


class _PowerCutError(Exception):
    """Stands for the end of the process."""


def _open(folder: Path) -> OpenedFolder:
    return open_folder(folder, SystemClock(), SystemEntropy(), training=False)


def _make_phrase(folder: Path) -> str:
    opened = _open(folder)

    async def make() -> str:
        phrase = opened.custody.draft_phrase()
        await opened.custody.keep_phrase(phrase)
        await opened.store.close()
        return phrase

    return asyncio.run(make())


def _marked(folder: Path) -> bool:
    async def read() -> bool:
        store = _open(folder).store
        mark = await store.read(lambda rows: rows.settings.get(RESTORED_MARK))
        await store.close()
        return bool(mark)

    return asyncio.run(read())


def test_recovery_leaves_no_copy_that_opens_unmarked_when_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", "cd" * 32)
    phrase = _make_phrase(tmp_path)
    monkeypatch.setenv("COCO_MASTER_KEY", "ab" * 32)

    async def cut(*_: object) -> None:
        raise _PowerCutError

    with monkeypatch.context() as power:
        power.setattr(SqliteStore, "transact", cut)
        with pytest.raises(_PowerCutError):
            recover_folder(tmp_path, phrase, training=False)
    with pytest.raises(WrongKeyError):
        _open(tmp_path)
    recover_folder(tmp_path, phrase, training=False)
    assert _marked(tmp_path)
