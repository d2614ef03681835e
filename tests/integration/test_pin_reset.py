"""Reset of a forgotten PIN from the command line: what the PIN protected is emptied, under any settings."""

import asyncio
from pathlib import Path

import pytest

from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import OpenedFolder, open_folder
from app.bootstrap.options import Options
from app.bootstrap.pin_reset import reset
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.services.settings.session_names import SESSION_NAMES
from tests.harness.running_app import MASTER_KEY

pytestmark = pytest.mark.requirement("X5")

_NUMBERS = (SessionId("main"), SessionId("second"))


def _open(folder: Path) -> OpenedFolder:
    return open_folder(folder, SystemClock(), SystemEntropy(), training=False)


def test_reset_unlinks_numbers_that_the_settings_do_not_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", MASTER_KEY)

    async def link() -> None:
        store = _open(tmp_path).store
        for each in _NUMBERS:
            session = SessionData(each, "{}", paired=True, phone=Phone("+5573988112233"))
            await store.transact(lambda rows, session=session: rows.sessions.save(session))  # type: ignore[misc]
        await store.transact(lambda rows: rows.settings.set(SESSION_NAMES, '{"main": "Gerente"}'))
        await store.close()

    async def kept() -> tuple[list[SessionData], str | None]:
        store = _open(tmp_path).store
        found = await store.read(lambda rows: [rows.sessions.get(each) for each in _NUMBERS])
        names = await store.read(lambda rows: rows.settings.get(SESSION_NAMES))
        await store.close()
        return [each for each in found if each], names

    asyncio.run(link())
    # A person at the counter may start the reset with settings of their own.
    monkeypatch.setenv("WHATSAPP_SESSION_ID", "another")
    assert reset(Options(data_dir=tmp_path)) == 0
    assert asyncio.run(kept()) == ([], "")
