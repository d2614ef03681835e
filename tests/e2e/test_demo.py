"""The whole program, its real sidecar and the simulated WhatsApp: a rush of orders, seen from the phones."""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.customers import rush_order
from app.adapters.system.clock import SystemClock
from tests.harness.running_app import kill_app_when, run_app, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

_ORDERS = 8
_PERFECT = {
    "orders": _ORDERS,
    **dict.fromkeys(("notifications", "accepted", "delivered", "read"), 3 * _ORDERS),
    **dict.fromkeys(("failed", "lost", "shown_twice"), 0),
}


def _demo(folder: Path, *more: str) -> tuple[str, ...]:
    rush = ("--orders", str(_ORDERS), "--seed", "7", "--json")
    return ("--demo", "--headless", *rush, "--data-dir", str(folder), *more)


@pytest.mark.requirement("D2")
def test_a_rush_of_orders_is_told_to_every_customer_once(tmp_path: Path) -> None:
    done = run_app(*_demo(tmp_path))
    assert done.code == 0, done.err
    assert done.summary.items() >= {**_PERFECT, "wire_repeats": 0}.items()
    assert "Pedido #107 · aviso de pronto: lido ✓✓" in done.err
    assert f"{3 * _ORDERS}/{3 * _ORDERS}" in done.err


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("Q5")
@pytest.mark.requirement("S2")
@pytest.mark.requirement("S5")
@pytest.mark.parametrize(("count", "word"), [(9, "enviando"), (14, "enviado"), (11, "na fila")])
def test_demo_loses_and_repeats_no_message_when_killed_in_the_middle(
    tmp_path: Path, count: int, word: str
) -> None:
    with simulator() as url:
        again = _demo(tmp_path, "--simulated-whatsapp", url)
        assert kill_app_when(count, word, *again) == []
        done = run_app(*again)
        assert done.code == 0, done.err
        assert done.summary.items() >= _PERFECT.items()
        assert done.summary["wire_repeats"] <= 1
        stats = _stats(url)
    assert (stats["pairings"], stats["logins"] >= 2) == (1, True)


@pytest.mark.requirement("S6")
@pytest.mark.parametrize(("count", "word"), [(13, "entregue"), (10, "lido")])
def test_demo_has_every_message_read_when_killed_while_marks_arrive(
    tmp_path: Path, count: int, word: str
) -> None:
    with simulator() as url:
        again = _demo(tmp_path, "--simulated-whatsapp", url)
        assert kill_app_when(count, word, *again) == []
        done = run_app(*again)
    marks = {name: done.summary[name] for name in ("accepted", "delivered", "read")}
    assert marks == dict.fromkeys(marks, 3 * _ORDERS)


@pytest.mark.requirement("X2")
def test_demo_with_pace_sends_no_message_before_its_time(tmp_path: Path) -> None:
    rush = ("--demo", "--headless", "--json", "--pace", "--orders", "2", "--data-dir", str(tmp_path))
    with simulator() as url:
        done = run_app(*rush, "--simulated-whatsapp", url, PACE_PER_MINUTE="60")
        entries = AdminClient(url)._ask("GET", "stanzas", None)["entries"]
    assert done.code == 0, done.err
    assert done.summary.items() >= {"read": 6, "shown_twice": 0}.items()
    sent = [each["at"] for each in entries if each["what"] == "message"]
    gaps = [later - earlier for earlier, later in pairwise(sent)]
    # A gap counts from the start of the attempt, and a first message has questions before it leaves.
    assert len(gaps) == 5
    assert sum(gaps) >= 4500
    assert min(gaps) >= 500
    assert "restam 28 de 30" in done.err


def _stats(url: str) -> dict[str, int]:
    found: dict[str, int] = AdminClient(url)._ask("GET", "stats", None)
    return found


@pytest.mark.requirement("X3")
@pytest.mark.requirement("X4")
def test_no_file_of_the_program_holds_a_customers_words_in_clear(tmp_path: Path) -> None:
    folder, temporary = tmp_path / "loja", tmp_path / "temporários"
    temporary.mkdir()
    with simulator() as url:
        again = _demo(folder, "--simulated-whatsapp", url)
        kill_app_when(20, "enviado", *again, TMPDIR=str(temporary))
        after_kill = _everything_written(tmp_path)
        assert any(name.endswith("-wal") for name in after_kill)
        assert run_app(*again, TMPDIR=str(temporary)).code == 0
        shown = AdminClient(url)._ask("GET", "messages", None)["messages"]
    secrets = _secrets([message["text"] for message in shown])
    for name, content in {**after_kill, **_everything_written(tmp_path)}.items():
        assert [secret for secret in secrets if secret in content] == [], name


def _everything_written(folder: Path) -> dict[str, bytes]:
    paths = [Path(at) / name for at, _, names in os.walk(folder) for name in names]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def _secrets(texts: list[str]) -> set[bytes]:
    """Phones in every form, names, notes, and every line of the texts that is longer than a word."""
    secrets = {line for text in texts for line in text.splitlines() if " " in line and len(line) > 12}
    for index in range(_ORDERS):
        rush = rush_order(7, index, SystemClock().now())
        digits = re.sub(r"\D", "", rush.customer.number)
        old_form = re.sub(r"\D", "", rush.customer.registered_as)
        secrets |= {
            digits,
            old_form,
            digits[4:],
            digits[-8:],
            rush.order.customer_phone,
            rush.order.customer_name,
        }
        secrets |= {rush.order.notes} - {""}
    assert len(secrets) > 5 * _ORDERS
    return {secret.encode() for secret in secrets}
