"""New PC from phrase and copy: by keyboard alone the shop opens there, with its queue, and says nothing twice."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.adapters.demo.admin_client import AdminClient
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.bootstrap.database import DATABASE, open_folder
from app.domain.identifiers import OrderId, notification_id
from app.domain.order import NotificationType
from tests.harness.headless_shop import headless_shop, pair, shown
from tests.harness.running_app import ROOT, run_app, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.requirement("X3")]

_ANA, _RUI = "+5573999548537", "+5573988887777"
_OWN_KEY = {"COCO_MASTER_KEY": ""}
"""Each PC of the story has a device key of its own, in its data folder."""


def _make_phrase(folder: Path) -> str:
    folder.mkdir()
    opened = open_folder(folder, SystemClock(), SystemEntropy(), training=True)

    async def make() -> str:
        phrase = opened.custody.draft_phrase()
        await opened.custody.keep_phrase(phrase)
        await opened.store.close()
        return phrase

    return asyncio.run(make())


def _first_pc(folder: Path, copy: Path, url: str, admin: AdminClient) -> str:
    """Tell one customer, let another wait, and copy the database; return the waiting message's order."""
    with headless_shop(folder, url, **_OWN_KEY) as talk:
        pair(talk, admin)
        talk.order(1, _ANA)
        talk.until(event="notification", state="read")
        talk.say("pause")
        waiting = talk.order(2, _RUI)
        arguments = ("--data-dir", str(folder), "--simulated-whatsapp", url)
        made = run_app("--backup", str(copy), *arguments, **_OWN_KEY)
        assert (made.code, made.err) == (0, "")
    return waiting


def _recover_by_keyboard(folder: Path, url: str, phrase: str, orders: int) -> list[dict[str, Any]]:
    """Run the program's window for a person with a keyboard alone; return the steps they saw."""
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.harness.recovering_user", str(orders)),
            *("--data-dir", str(folder), "--simulated-whatsapp", url),
        ],
        input=f"{phrase}\n",
        capture_output=True,
        text=True,
        timeout=45,
        env={**os.environ, **_OWN_KEY, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_new_pc_opens_a_copy_by_its_phrase_and_keyboard_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", "")
    first, second, copy = tmp_path / "um", tmp_path / "dois", tmp_path / "copia.db"
    phrase = _make_phrase(first)
    with simulator() as url:
        admin = AdminClient(url)
        admin._ask(
            "POST", "contacts", {"contacts": [{"number": each, "mode": "strict"} for each in (_ANA, _RUI)]}
        )
        waiting = _first_pc(first, copy, url, admin)
        second.mkdir()
        copy.rename(second / DATABASE)
        stopped, opened = _recover_by_keyboard(second, url, phrase.upper(), orders=2)
        assert "chave" in stopped["stopped"]
        assert len(opened["orders"]) == 2, opened
        assert (shown(admin, _ANA), shown(admin, _RUI)) == ([1], [])
        with headless_shop(second, url, **_OWN_KEY) as talk:
            talk.until_open()
            assert talk.say("resume")["ok"]
            stats = talk.say("stats")["by_state"]
            assert (stats["read"], stats["in_doubt"]) == (1, 1), stats
            doubted = str(notification_id(OrderId(waiting), NotificationType.PAYMENT_CONFIRMED, 1))
            assert talk.say("repeat", notification_id=doubted)["ok"]
            talk.until(event="notification", state="read", order_id=waiting)
        assert (shown(admin, _ANA), shown(admin, _RUI)) == ([1], [1])
        assert admin._ask("GET", "stats", None)["wire_repeats"] == 0
