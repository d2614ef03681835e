"""What the sidecar is answered for a receipt: only what is on disk may be forgotten by WhatsApp."""

import asyncio
import json
import logging
from datetime import UTC, datetime

import pytest

from app.domain.attempt import Accepted, InDoubt
from app.domain.errors import DatabaseBusyError, DiskFullError
from app.domain.identifiers import MessageId
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, Play
from tests.simulators.moved_clock import let_tasks_run

AT = datetime(2026, 1, 10, 15, 0, 1, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)
DRAINED = [
    "tell",
    "connection",
    {"generation": 1, "state": "drained", "code": None, "cause": None, "expires_in_s": None, "account": None},
]
ACCEPTED = {"outcome": "accepted", "at": AT_MS}


def asked(message_ids: str, level: str = "delivered") -> list[object]:
    """One request, with a receipt for each of the ids."""
    about = [{"message_id": one, "level": level, "code": None, "at": AT_MS} for one in message_ids.split()]
    return ["ask", "receipts", {"receipts": about}]


def _kept(answers: list[str]) -> list[list[bool]]:
    return [json.loads(answer)["kept"] for answer in answers]


def kept(message_id: str, evidence: Evidence = Evidence.DELIVERED) -> Receipt:
    return Receipt(MessageId(message_id), evidence, AT)


@pytest.mark.requirement("S6")
def test_receipt_is_answered_once_kept_and_sends_do_not_wait_for_it(play: Play) -> None:
    life = {"on": {"connect": [["answer", {}], asked("A"), DRAINED], "send_text": [["answer", ACCEPTED]]}}

    async def story() -> None:
        gate, keeping = asyncio.Event(), asyncio.Event()

        async def slow_disk(_: Receipt) -> None:
            keeping.set()
            await gate.wait()

        async with play(life) as scene:
            scene.notes.before_keeping = slow_disk
            await scene.connect()
            await keeping.wait()
            later = scene.clock.steady() * 2
            sent = await scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("B"), later)
            assert sent == Accepted(AT)
            await let_tasks_run()
            assert scene.notes.told == []
            gate.set()
            await wait_until(lambda: len(scene.notes.told) == 3)
            assert scene.notes.told[:2] == [kept("A"), LinkChanged(MAIN, LinkState.DRAINED)]
            assert _kept(scene.notes.answers()) == [[True]]

    asyncio.run(story())


def test_receipts_are_kept_in_order_also_those_of_an_older_connection(play: Play) -> None:
    life = {
        "on": {
            "refresh_session": [asked("A"), asked("B C D"), asked("E"), asked("A", "read"), ["answer", {}]]
        }
    }

    async def story() -> None:
        async with play(life) as scene:
            await scene.connect()
            await scene.connect()
            await scene.messenger.refresh_session(MAIN, [])
            await wait_until(lambda: len(scene.notes.told) == 6)
            assert scene.notes.told == [*map(kept, "ABCDE"), kept("A", Evidence.READ)]

    asyncio.run(story())


def test_a_receipt_that_cannot_be_kept_is_refused_and_the_others_are_kept(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(receipt: Receipt) -> None:
        if receipt.message_id == "FULL":
            raise DiskFullError
        if receipt.message_id == "BUSY":
            raise DatabaseBusyError
        if receipt.message_id == "DEFECT":
            raise ZeroDivisionError(receipt.message_id)

    async def story() -> None:
        steps = [["answer", {}], asked("FULL X"), asked("BUSY"), asked("A DEFECT B"), asked("C")]
        async with play({"on": {"connect": steps}}) as scene:
            scene.notes.before_keeping = fails
            await scene.connect()
            await wait_until(lambda: len(scene.notes.answers()) == 4)
            expected = [[False], [False, False], [True], [True, False, True]]
            assert sorted(_kept(scene.notes.answers())) == expected
            told = [each for each in scene.notes.told if isinstance(each, Receipt)]
            assert sorted(each.message_id for each in told) == ["A", "B", "C"]

    caplog.set_level(logging.INFO)
    asyncio.run(story())
    assert "ZeroDivisionError" in caplog.text
    assert DiskFullError.code in caplog.text
    assert DatabaseBusyError.code in caplog.text
    assert "DEFECT" not in caplog.text


REJECTED = {"outcome": "rejected", "kind": "restricted", "code": 463}


@pytest.mark.parametrize(
    ("answer", "evidence", "code"),
    [
        (ACCEPTED, Evidence.ACCEPTED, None),
        ({**REJECTED, "written": True}, Evidence.REJECTED, 463),
        ({**REJECTED, "kind": "transient", "written": False}, None, None),
        ({"outcome": "in_doubt", "reason": "socket_closed"}, None, None),
        ({"outcome": "unheard of"}, None, None),
    ],
)
def test_an_answer_that_comes_after_the_doubt_began_is_evidence(
    play: Play, answer: dict[str, object], evidence: Evidence | None, code: int | None
) -> None:
    life = {"on": {"send_text": [["hold"]], "refresh_session": [["release", answer], ["answer", {}]]}}

    async def story() -> list[object]:
        async with play(life) as scene:
            await scene.connect()
            async with asyncio.TaskGroup() as tasks:
                later = scene.clock.steady() * 2
                sending = tasks.create_task(
                    scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("B"), later)
                )
                await scene.advance(30)
            assert sending.result() == InDoubt("ack_timeout")
            scene.clock.set_wall(AT)
            await scene.messenger.refresh_session(MAIN, [])
            await let_tasks_run()
            return list(scene.notes.told)

    expected = [Receipt(MessageId("B"), evidence, AT, code)] if evidence else []
    assert asyncio.run(story()) == expected
