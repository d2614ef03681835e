"""What the sidecar asks of us: keys, credentials, texts."""

import asyncio
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.domain.errors import DiskFullError
from app.domain.identifiers import MessageId, NotificationId
from app.domain.notification import Notification
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, Play, Scene
from tests.simulators.moved_clock import let_tasks_run

SECRET = "chave-secreta"
SET = ["ask", "keys.set", {"changes": {"session": {"1": SECRET, "2": "x"}, "pre-key": {"7": "y"}}}]
GET = ["ask", "keys.get", {"type": "session", "ids": ["1", "9"]}]
SENT = ["ask", "sent_text.get", {"message_id": "3EB0"}]
SENT_ONCE = Notification(
    id=NotificationId(UUID(int=1)),
    order_id=None,
    type=NotificationType.TEST,
    occurrence=1,
    session_id=MAIN,
    phone=Phone("+5573999990000"),
    text="oi",
    message_id=MessageId("3EB0"),
    created_at=datetime(2026, 1, 10, tzinfo=UTC),
    scheduled_at=datetime(2026, 1, 10, tzinfo=UTC),
)
PAIRED = {
    "generation": 1,
    "state": "paired",
    "code": None,
    "cause": None,
    "expires_in_s": None,
    "account": None,
}


async def answers(scene: Scene, count: int) -> list[object]:
    await wait_until(lambda: len(scene.notes.answers()) == count)
    return [json.loads(text) for text in scene.notes.answers()]


def test_keys_are_kept_found_and_deleted(play: Play) -> None:
    delete = ["ask", "keys.set", {"changes": {"session": {"1": None}}}]

    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], SET, GET, delete, GET]}}) as scene:
            await scene.connect()
            assert await answers(scene, 4) == [{}, {"values": {"1": SECRET}}, {}, {"values": {}}]
            kept = await scene.store.read(
                lambda rows: [
                    *rows.sessions.keys(MAIN, "session", "12"),
                    *rows.sessions.keys(MAIN, "pre-key", "7"),
                ]
            )
            assert kept == ["2", "7"]

    asyncio.run(story())


def test_key_question_waits_for_the_commit_before_it_and_a_text_does_not(play: Play) -> None:
    async def story() -> None:
        gate, first = asyncio.Event(), [True]

        async def slow_first_commit() -> None:
            if first and first.pop():
                await gate.wait()

        async with play({"on": {"connect": [["answer", {}], SET, GET, SENT]}}) as scene:
            await scene.store.transact(lambda rows: rows.notifications.add(SENT_ONCE))
            scene.store.before_commit = slow_first_commit
            await scene.connect()
            assert await answers(scene, 1) == [{"text": "oi", "expiration_s": 0}]
            await let_tasks_run()
            assert await scene.store.read(lambda rows: rows.sessions.keys(MAIN, "session", "12")) == {}
            gate.set()
            assert await answers(scene, 3) == [
                {"text": "oi", "expiration_s": 0},
                {},
                {"values": {"1": SECRET}},
            ]

    asyncio.run(story())


@pytest.mark.requirement("S7")
def test_missing_or_emptied_text_is_answered_empty_and_logged(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    emptied = replace(SENT_ONCE, text="")
    unknown = ["ask", "sent_text.get", {"message_id": "3EB0FF"}]

    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], SENT, unknown]}}) as scene:
            await scene.store.transact(lambda rows: rows.notifications.add(emptied))
            await scene.connect()
            assert await answers(scene, 2) == [{"text": None, "expiration_s": 0}] * 2

    asyncio.run(story())
    said = [vars(each)["emptied"] for each in caplog.records if each.message == "asked_again_without_text"]
    assert said == [True, False]


def test_who_hears_of_a_pairing_can_rely_on_saved_credentials(play: Play) -> None:
    saved = ["ask", "creds.save", {"credentials": SECRET, "account": None}]

    async def story() -> None:
        gate, asked = asyncio.Event(), asyncio.Event()

        async def saving() -> None:
            asked.set()
            await gate.wait()

        async with play(
            {"on": {"connect": [["answer", {}], saved, ["tell", "connection", PAIRED]]}}
        ) as scene:
            scene.notes.before_saving = saving
            await scene.connect()
            await asked.wait()
            await scene.messenger.ping(MAIN)
            await let_tasks_run()
            assert scene.notes.told == []
            gate.set()
            await wait_until(lambda: len(scene.notes.told) == 3)
            assert scene.notes.told[:2] == [
                SessionData(MAIN, SECRET, paired=False),
                LinkChanged(MAIN, LinkState.PAIRED),
            ]

    asyncio.run(story())


def test_a_store_that_fails_is_an_error_to_the_sidecar_and_stops_nobody(play: Play) -> None:
    async def story() -> None:
        async def disk_full() -> None:
            scene.store.before_commit = None
            raise DiskFullError

        async def a_defect() -> None:
            scene.store.before_commit = disk_full
            raise ZeroDivisionError

        async with play({"on": {"connect": [["answer", {}], SET, SET, SET]}}) as scene:
            scene.store.before_commit = a_defect
            await scene.connect()
            refused = {"code": -32603, "message": "refused"}
            assert await answers(scene, 3) == [refused, refused, {}]

    asyncio.run(story())


def test_a_question_in_a_wrong_shape_is_refused_without_repeating_it(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = [
        ["ask", "keys.set", {"changes": {"session": {"1": [SECRET]}}}],
        ["ask", "keys.get", {"type": "session", "ids": ["1"], "more": SECRET}],
        ["ask", SECRET, {}],
        ["tell", "qr", {"generation": 1, "text": SECRET}],
        ["tell", SECRET, {}],
    ]

    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], *wrong]}}) as scene:
            await scene.connect()
            codes = [answer["code"] for answer in await answers(scene, 3) if isinstance(answer, dict)]
            assert codes == [-32602, -32602, -32601]

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())
    assert "wrong shape" in caplog.text
    assert SECRET not in caplog.text
