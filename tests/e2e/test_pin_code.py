"""Forgotten PIN in the whole program: the shop's own phone shows a code, once, and the code removes the PIN."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from app.adapters.demo.admin_client import AdminClient
from tests.harness.headless_shop import HeadlessShopHarness, headless_shop, pair
from tests.harness.running_app import running_app, simulator
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.requirement("X5")]

PIN = "2468"


def _bubbles(admin: AdminClient) -> list[dict[str, Any]]:
    """Return what the shop's own phone shows of codes."""
    found = admin._ask("GET", f"inbox?number=%2B{SHOP[1:]}", None)
    return [bubble for bubble in found["messages"] if "Código" in bubble["text"]]


def _codes(admin: AdminClient, count: int) -> list[str]:
    """Wait until the phone shows so many codes; return them in order."""
    asyncio.run(wait_until(lambda: len(_bubbles(admin)) >= count))
    return [re.findall(r"\*(\d{6})\*", str(bubble["text"]))[0] for bubble in _bubbles(admin)]


def _is_written(folder: Path, code: str) -> bool:
    """Return whether a file of the data folder, logs included, holds the code in plain; parts of a second are none."""
    plain = re.compile(rf"(?<![\d.]){code}(?!\d)".encode())
    return any(plain.search(path.read_bytes()) for path in folder.rglob("*") if path.is_file())


def test_code_on_the_shop_phone_removes_the_pin_and_stands_nowhere_else(tmp_path: Path) -> None:
    with simulator() as url:
        admin = AdminClient(url)
        with headless_shop(tmp_path, url) as talk:
            pair(talk, admin)
            assert talk.say("set_pin", new_pin=PIN)["pin_set"]
            assert talk.say("request_pin_code") == {"id": 1, "ok": True, "valid_s": 600.0}
            (code,) = _codes(admin, 1)
            wrong = talk.say("reset_pin_by_code", code=f"{(int(code) + 1) % 10**6:06}")
            assert (wrong["error"], "restam: 4" in wrong["sentence"]) == ("wrong_pin_code", True)
            assert talk.say("reset_pin_by_code", code=code)["ok"]
            entries = talk.say("audit_log", limit=4)["entries"]
            assert [(each["act"], each["result"]) for each in entries[1:]] == [
                ("reset_pin_by_code", "allowed"),
                ("reset_pin_by_code", "refused"),
                ("request_pin_code", "allowed"),
            ]
        assert not any(code in str(line) for line in talk.heard)
        assert not _is_written(tmp_path, code)
        assert [(bubble["shown"], bubble["wire"]) for bubble in _bubbles(admin)] == [(1, 1)]
        assert admin._ask("GET", "stats", None)["wire_repeats"] == 0


def _killed_before_the_acknowledgement(folder: Path, url: str, admin: AdminClient) -> str:
    """Pair, request a code and kill the program when the phone shows it; return the code."""
    with running_app("--headless", "--data-dir", str(folder), "--simulated-whatsapp", url) as app:
        talk = HeadlessShopHarness(app)
        pair(talk, admin)
        assert talk.say("set_pin", new_pin=PIN)["pin_set"]
        admin._ask("POST", "fault", {"kind": "lose_ack", "times": 1})
        assert talk.say("request_pin_code")["ok"]
        (code,) = _codes(admin, 1)
        app.kill()
        app.wait()
    return code


def test_code_of_a_killed_program_is_shown_once_and_void(tmp_path: Path) -> None:
    with simulator() as url:
        admin = AdminClient(url)
        lost = _killed_before_the_acknowledgement(tmp_path, url, admin)
        with headless_shop(tmp_path, url) as talk:
            talk.until_open()
            assert talk.say("reset_pin_by_code", code=lost)["error"] == "pin_code_void"
            assert talk.say("request_pin_code")["ok"]
            code = next(each for each in reversed(_codes(admin, 2)) if each != lost)
            assert talk.say("reset_pin_by_code", code=code)["ok"]
            assert talk.say("template", type="ready", active=False)["ok"]
        assert [bubble["shown"] for bubble in _bubbles(admin)] == [1, 1]
