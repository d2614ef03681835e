"""Manager's PIN in the whole program: asked of protected commands, kept over restarts, reset when forgotten."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.harness.running_app import run_app

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("X5")]

PIN = "2468"
OWN = "Oi {{firstName}}, pago!"


def _say(folder: Path, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers of one run of the program."""
    numbered = [{"id": place, **command} for place, command in enumerate(commands)]
    given = "".join(f"{json.dumps(each)}\n" for each in [*numbered, {"id": "end", "command": "quit"}])
    done = run_app("--headless", "--data-dir", str(folder), given=given)
    assert done.code == 0, done.err
    said = [json.loads(line) for line in done.out.splitlines()]
    return [next(each for each in said if each.get("id") == place) for place in range(len(commands))]


def _template(**more: object) -> dict[str, Any]:
    return {"command": "template", "type": "payment_confirmed", **more}


def test_protected_commands_need_the_pin_over_restarts(tmp_path: Path) -> None:
    (created,) = _say(tmp_path, {"command": "set_pin", "new_pin": PIN})
    assert created == {"id": 0, "ok": True, "pin_set": True}
    without, wrong, given, after = _say(
        tmp_path,
        _template(text=OWN),
        _template(text=OWN, pin="1111"),
        _template(text=OWN, pin=PIN),
        _template(text="Outro {{firstName}}"),
    )
    assert [without["error"], wrong["error"], after["error"]] == [
        "manager_needed",
        "wrong_pin",
        "manager_needed",
    ]
    assert given["text"] == OWN
    assert PIN not in json.dumps([without, wrong, given, after])
    verified, log = _say(
        tmp_path, {"command": "audit_verify", "pin": PIN}, {"command": "audit_log", "pin": PIN, "limit": 3}
    )
    assert verified["sound"]
    assert [each["act"] for each in log["entries"]] == ["read_audit_log", "read_audit_log", "edit_template"]


def test_a_forgotten_pin_is_reset_and_the_queue_stays(tmp_path: Path) -> None:
    order = {
        "command": "order",
        "order_id": str(UUID(int=1)),
        "number": 7,
        "name": "Ana",
        "phone": "73999548537",
    }
    shipped, *_ = _say(
        tmp_path,
        _template(),
        _template(text=OWN),
        {"command": "set_setting", "name": "RETENTION_DAYS", "value": 14},
        {"command": "set_pin", "new_pin": PIN},
        order,
    )
    reset = run_app("--reset-pin", "--data-dir", str(tmp_path))
    assert (reset.code, reset.out.startswith("O PIN foi tirado.")) == (0, True), reset.err
    text, stats, verified, settings = _say(
        tmp_path, _template(), {"command": "stats"}, {"command": "audit_verify"}, {"command": "settings"}
    )
    assert {each["source"] for each in settings["settings"]} == {"default"}
    assert text["text"] == shipped["text"]
    assert stats["by_state"]["pending"] == 1
    assert verified["sound"]
