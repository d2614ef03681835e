"""Command executor: commands are validated, executed, and answered without personal data."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import CouldNotAsk
from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import QrCode
from app.headless.command_executor import CommandExecutor
from app.headless.commands import read_command
from app.headless.event_json import event_json
from app.services.text.message_catalog import MessageCatalog
from tests.harness.customer_words import say
from tests.harness.shop import MAIN, Shop, in_shop, shop_choices
from tests.simulators.moved_clock import let_tasks_run

SECOND = SessionId("second")
ORDER = "00000000-0000-0000-0000-000000000123"
TYPED: dict[str, Any] = {
    "command": "order",
    "order_id": ORDER,
    "number": 123,
    "name": "João Silva",
    "phone": "+5573999548537",
    "total": "30.00",
    "items": [{"name": "Açaí", "quantity": 2}],
    "notes": "sem granola",
    "status": "pending_payment",
}


def _clerk(shop: Shop) -> CommandExecutor:
    catalogue = Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8")
    return CommandExecutor(shop.core, MessageCatalog(catalogue))


async def ask(shop: Shop, **command: Any) -> dict[str, Any]:
    answer = await _clerk(shop).execute(read_command(json.dumps(command)))
    await let_tasks_run()
    return answer


@pytest.mark.requirement("C6")
def test_an_order_is_typed_in_moved_on_and_told() -> None:
    async def story(shop: Shop) -> None:
        assert (await ask(shop, **TYPED))["ok"]
        assert shop.messenger.sends == []
        for status in ("paid", "ready"):
            assert (await ask(shop, command="advance", order_id=ORDER, status=status))["ok"]
        assert len(shop.messenger.sends) == 2
        stats = await ask(shop, command="stats")
        assert stats["by_state"]["sent"] == 2
        assert stats["sent_last_hour"] == 2

    in_shop(story)


def test_a_click_is_queued_and_answered_with_its_ids() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        answer = await ask(shop, command="notify", order_id=ORDER, type="ready")
        assert answer["message_id"] == shop.messenger.sends[0].message_id

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_failed_messages_are_retried_on_demand_and_paused_ones_wait() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED, 400))
        await ask(shop, **TYPED)
        await ask(shop, command="pause")
        queued = await ask(shop, command="notify", order_id=ORDER, type="ready")
        assert shop.messenger.sends == []
        await ask(shop, command="resume")
        assert len(shop.messenger.sends) == 1
        one = {"notification_id": queued["notification_id"]}
        assert (await ask(shop, command="retry", **one))["state"] == "pending"
        assert len(shop.messenger.sends) == 2
        assert (await ask(shop, command="retry", **one))["error"] == "not_allowed_now"
        assert (await ask(shop, command="cancel", **one))["error"] == "not_allowed_now"
        assert (await ask(shop, command="retry_failed"))["retried"] == 0

    in_shop(story)


@pytest.mark.requirement("Q6")
def test_a_waiting_message_can_be_cancelled_and_a_click_revives_it() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **TYPED)
        await ask(shop, command="pause")
        queued = await ask(shop, command="notify", order_id=ORDER, type="ready")
        one = {"notification_id": queued["notification_id"]}
        assert (await ask(shop, command="cancel", **one))["state"] == "cancelled"
        await ask(shop, command="resume")
        assert shop.messenger.sends == []
        await ask(shop, command="notify", order_id=ORDER, type="ready")
        assert len(shop.messenger.sends) == 1

    in_shop(story)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        ({"command": "notify", "order_id": ORDER, "type": "ready"}, "unknown_order"),
        ({"command": "advance", "order_id": ORDER, "status": "ready"}, "unknown_order"),
        ({"command": "retry", "notification_id": ORDER}, "unknown_notification"),
        ({"command": "custom", "phone": "ligar", "text": "oi"}, "invalid_phone"),
        ({"command": "custom", "phone": "+5573999548537", "text": " "}, "template_empty"),
        ({"command": "custom", "phone": "+5573999548537", "text": "x" * 5000}, "template_too_long"),
        ({**TYPED, "phone": "ligar"}, "invalid_phone"),
    ],
)
def test_what_cannot_be_done_is_answered_with_a_sentence(command: dict[str, Any], error: str) -> None:
    async def story(shop: Shop) -> None:
        answer = await ask(shop, **command)
        assert (answer["ok"], answer["error"]) == (False, error)
        assert answer["sentence"].endswith((".", "]]."))

    in_shop(story)


@pytest.mark.requirement("X1")
def test_a_manager_lets_a_customer_be_told_again() -> None:
    async def story(shop: Shop) -> None:
        undo = {"command": "opt_out_undo", "phone": "+5573999548537", "reason": "pediu no balcão"}
        assert (await ask(shop, **undo))["error"] == "not_opted_out"
        await say(shop, "PARAR")
        custom = {"command": "custom", "phone": "+5573999548537", "text": "oi"}
        assert "pediu para não receber" in (await ask(shop, **custom))["sentence"]
        assert (await ask(shop, **{**undo, "reason": " "}))["error"] == "reason_missing"
        assert (await ask(shop, **undo)) == {"ok": True}
        assert (await ask(shop, **custom))["ok"]

    in_shop(story)


@pytest.mark.requirement("P2")
def test_executor_answers_whether_a_number_has_whatsapp() -> None:
    async def story(shop: Shop) -> None:
        known, unknown = "+5573999548537", "+5573999548538"
        shop.messenger.answers[Phone(unknown)] = None
        for phone, exists in ((known, True), (unknown, False)):
            assert await ask(shop, command="check_number", phone=phone) == {"ok": True, "exists": exists}
        shop.messenger.answers[Phone("+5573999548539")] = CouldNotAsk("timeout")
        refused = await ask(shop, command="check_number", phone="+5573999548539")
        assert (refused["ok"], refused["error"]) == (False, "not_connected")
        refused = await ask(shop, command="check_number", phone="número")
        assert (refused["ok"], refused["error"]) == (False, "invalid_phone")

    in_shop(story)


def test_the_largest_values_that_are_accepted_kill_nothing() -> None:
    async def story(shop: Shop) -> None:
        largest = {"number": 2**63 - 1, "total": "999999999999", "status": "x" * 40}
        assert (await ask(shop, **{**TYPED, **largest}))["ok"]

    in_shop(story)


def test_an_unknown_status_is_kept_and_answered_with_a_warning() -> None:
    async def story(shop: Shop) -> None:
        assert "warning" not in await ask(shop, **TYPED)
        assert (await ask(shop, **{**TYPED, "status": "quase"}))["warning"] == "unknown_status"
        advanced = await ask(shop, command="advance", order_id=ORDER, status="saiu")
        assert (advanced["ok"], advanced["warning"]) == (True, "unknown_status")

    in_shop(story)


def test_command_that_breaks_is_answered_and_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(shop: Shop) -> None:
        async def broken(*_: object) -> None:
            raise OverflowError("João Silva")

        monkeypatch.setattr(type(shop.core.orders), "add", broken)
        answer = await ask(shop, **TYPED)
        assert (answer["ok"], answer["error"]) == (False, "unexpected")

    in_shop(story)
    assert [vars(record)["error_type"] for record in caplog.records] == ["OverflowError"]
    assert "João" not in caplog.text


@pytest.mark.requirement("X4")
def test_no_event_names_a_customer() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **{**TYPED, "status": "paid"})
        said = json.dumps([event_json(event) for event in shop.events], ensure_ascii=False)
        assert '"state": "sent"' in said
        for secret in ("João", "99954", "granola", "confirmado"):
            assert secret not in said

    in_shop(story)


def test_the_status_is_said_in_words() -> None:
    async def story(shop: Shop) -> None:
        answer = await ask(shop, command="status")
        assert (answer["lamp"], answer["sentence"]) == ("connected", "WhatsApp conectado.")

    in_shop(story)


@pytest.mark.requirement("Z2")
def test_status_tells_the_health_of_every_background_loop() -> None:
    async def story(shop: Shop) -> None:
        answer = await ask(shop, command="status")
        told = json.loads(json.dumps(answer["background"]))
        assert [each["name"] for each in told] == [each.name for each in shop.core.background.health()]
        since = shop.clock.now().isoformat()
        fresh = {"state": "running", "since": since, "failures": 0, "last_error": None}
        assert told[0] == {"name": told[0]["name"], **fresh}

    in_shop(story)


def test_pairing_and_reconnecting_are_asked_of_the_connection() -> None:
    async def story(shop: Shop) -> None:
        assert (await ask(shop, command="pair"))["error"] == "not_allowed_now"
        assert (await ask(shop, command="reconnect"))["ok"]
        assert (await ask(shop, command="logout"))["ok"]
        assert (await ask(shop, command="pair"))["ok"]
        assert shop.messenger.connects[-1].credentials == ""

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_each_number_has_its_own_lamp_and_is_paired_by_its_name() -> None:
    async def story(shop: Shop) -> None:
        assert (await ask(shop, command="status"))["lamp"] == "connected"
        assert await _lamps(shop) == {"main": "connected", "second": "unpaired"}
        shop.messenger.opens = False
        assert (await ask(shop, command="pair", session="second"))["ok"]
        assert [each.session_id for each in shop.messenger.connects] == [MAIN, SECOND]
        told = [said for event in shop.events if (said := event_json(event))]
        assert (told[-1]["session"], told[-1]["lamp"]) == (SECOND, "connecting")
        refused = await ask(shop, command="reconnect", session="third")
        assert (refused["ok"], refused["error"], refused["field"]) == (False, "bad_field", "session")
        assert await _lamps(shop) == {"main": "connected", "second": "connecting"}

    in_shop(story, choices=shop_choices(more_sessions=(SECOND,)))


async def _lamps(shop: Shop) -> dict[str, str]:
    sessions = (await ask(shop, command="status"))["sessions"]
    return {name: one["lamp"] for name, one in sessions.items()}


@pytest.mark.requirement("Q8", "Q9")
def test_the_queue_is_counted_for_each_number() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, **{**TYPED, "status": "paid"})
        by_session = (await ask(shop, command="stats"))["by_session"]
        assert [counts["sent"] for counts in by_session.values()] == [1]

    in_shop(story)


@pytest.mark.requirement("S1")
def test_a_pairing_code_is_asked_for_and_comes_as_an_event() -> None:
    async def story(shop: Shop) -> None:
        assert (await ask(shop, command="pair_by_code", phone="perdi"))["error"] == "invalid_phone"
        shop.messenger.opens = False
        asking = asyncio.create_task(ask(shop, command="pair_by_code", phone="+5573988112233"))  # noqa: TID251 - another program
        await let_tasks_run()
        await shop.messenger.listener.qr_shown(MAIN, QrCode("2@one", shop.clock.now()))
        assert (await asking)["ok"]
        told = [said for event in shop.events if (said := event_json(event))]
        assert (told[-1]["lamp"], told[-1]["qr"], told[-1]["pairing_code"]) == ("unpaired", None, "ABCD1234")

    in_shop(story, paired=False)
