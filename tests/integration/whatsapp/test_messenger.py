"""The messenger over a real child process that is scripted."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.adapters.whatsapp.messenger import WhatsAppMessenger
from app.adapters.whatsapp.node_command import NodeCommand
from app.adapters.whatsapp.wire_messages import WIRE_VERSION
from app.domain.account import CouldNotAsk, WhatsAppAccount
from app.domain.attempt import Accepted, InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import (
    AddressRefusedError,
    NotConnectedError,
    SidecarGoneError,
    SidecarMissingError,
    SidecarOutdatedError,
)
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import LOG, MAIN, OPEN, Notes, Play, Scene
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock
from tests.simulators.scripted_sidecar import PONG

ID = MessageId("3EB0AAAA")
JID = "5573999990000@s.whatsapp.net"
AT = datetime(2026, 1, 10, 15, 0, 1, tzinfo=UTC)
AT_MS = int(AT.timestamp() * 1000)


async def send(scene: Scene, not_after: timedelta = timedelta(hours=9)) -> Outcome:
    return await scene.messenger.send_text(MAIN, JID, "oi", ID, not_after)


def test_a_missing_bundle_stops_the_start(tmp_path: Path) -> None:
    messenger = WhatsAppMessenger(
        command=NodeCommand(tmp_path / "node", tmp_path / "sidecar.mjs"),
        store=MemoryStore(),
        clock=MovedClock(),
        log=LOG,
        connection_timeout=timedelta(seconds=20),
    )
    with pytest.raises(SidecarMissingError):
        asyncio.run(messenger.start(Notes()))


def test_the_child_starts_with_the_first_connect_and_tells_its_progress(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], OPEN]}}) as scene:
            assert scene.starts == 0
            with pytest.raises(NotConnectedError):
                await scene.messenger.ping(MAIN)
            await scene.connect()
            await scene.messenger.ping(MAIN)
            await wait_until(lambda: scene.notes.told == [LinkChanged(MAIN, LinkState.OPEN)])
            assert scene.starts == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    "ping",
    [
        ["refuse", 1001],
        ["refuse", -32602],
        ["answer", {**PONG, "wire_version": WIRE_VERSION + 1}],
    ],
)
def test_a_sidecar_of_another_version_is_refused_for_good(play: Play, ping: list[object]) -> None:
    async def story() -> None:
        async with play({"on": {"ping": [ping]}}) as scene:
            for _ in range(2):
                with pytest.raises(SidecarOutdatedError):
                    await scene.connect()
            assert scene.starts == 1

    asyncio.run(story())


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        ({"outcome": "accepted", "at": AT_MS}, Accepted(AT)),
        (
            {"outcome": "rejected", "kind": "restricted", "code": 463, "written": True},
            Rejected(RejectionKind.RESTRICTED, 463),
        ),
        ({"outcome": "in_doubt", "reason": "socket_closed"}, InDoubt("socket_closed")),
        ({"outcome": "accepted"}, InDoubt("sidecar_failed")),
    ],
)
def test_what_the_sidecar_says_of_a_send_is_its_outcome(
    play: Play, result: dict[str, object], outcome: Outcome
) -> None:
    async def story() -> None:
        async with play({"on": {"send_text": [["answer", result]]}}) as scene:
            assert await send(scene) == Rejected(RejectionKind.NOT_CONNECTED)
            await scene.connect()
            assert await send(scene) == outcome

    asyncio.run(story())


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (1003, Rejected(RejectionKind.NOT_CONNECTED)),
        (-32602, Rejected(RejectionKind.REFUSED)),
        (-32603, InDoubt("sidecar_failed")),
    ],
)
def test_error_instead_of_an_outcome_is_in_doubt_unless_none_was_begun(
    play: Play, code: int, outcome: Outcome
) -> None:
    async def story() -> None:
        async with play({"on": {"send_text": [["refuse", code]]}}) as scene:
            await scene.connect()
            assert await send(scene) == outcome

    asyncio.run(story())


def test_a_death_during_a_send_is_a_doubt_and_the_child_comes_back(play: Play) -> None:
    async def story() -> None:
        dying = {"on": {"connect": [["answer", {}], OPEN], "send_text": [["die", 1]]}}
        async with play(dying, {}) as scene:
            await scene.connect()
            await wait_until(lambda: bool(scene.notes.links()))
            assert await send(scene) == InDoubt("sidecar_gone")
            await wait_until(lambda: scene.notes.links()[-1] == LinkChanged(MAIN, LinkState.CLOSED))
            await scene.connect()
            assert scene.starts == 2

    asyncio.run(story())


def test_a_send_without_an_answer_is_a_doubt_when_no_ack_can_come_any_more(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"send_text": [["never"]]}}) as scene:
            await scene.connect()
            async with asyncio.TaskGroup() as tasks:
                sending = tasks.create_task(send(scene))
                await scene.advance(29.9)
                assert not sending.done()
                await scene.advance(0.1)
            assert sending.result() == InDoubt("ack_timeout")

    asyncio.run(story())


def test_deadline_reaches_the_sidecar_on_its_clock_within_our_patience(
    play: Play,
) -> None:
    async def story() -> None:
        echo = {"on": {"send_text": [["echo"], ["refuse", 1003]]}}
        async with play(echo) as scene:
            await scene.connect()
            await scene.advance(60)
            now = scene.clock.steady()
            await send(scene, now + timedelta(seconds=7))
            await send(scene, now + timedelta(hours=7))
            await wait_until(lambda: len(scene.notes.answers()) == 2)
            deadlines = [json.loads(text)["not_after"] for text in scene.notes.answers()]
            assert deadlines == [5000 + 67_000, 5000 + 70_000]

    asyncio.run(story())


def test_a_number_is_answered_by_the_account_of_the_form_asked_first(play: Play) -> None:
    forms = (Phone("+5573999990000"), Phone("+557399990000"))

    async def story(step: list[object]) -> object:
        async with play({"on": {"find_numbers": [step]}}) as scene:
            await scene.connect()
            return await scene.messenger.find_number(MAIN, forms)

    found = [
        {"jid": "557399990000@s.whatsapp.net", "lid": None, "trusted": False},
        {"jid": "5573999990000@s.whatsapp.net", "lid": "1@lid", "trusted": False},
    ]
    both = asyncio.run(story(["answer", {"outcome": "answered", "answers": [found]}]))
    assert both == WhatsAppAccount("5573999990000@s.whatsapp.net", "1@lid")
    assert asyncio.run(story(["answer", {"outcome": "answered", "answers": [[]]}])) is None
    refused = {"outcome": "could_not_ask", "kind": "rate_limited"}
    assert asyncio.run(story(["answer", refused])) == CouldNotAsk("rate_limited")


def test_errors_of_the_wire_become_errors_of_the_domain(play: Play) -> None:
    async def story() -> None:
        life = {
            "on": {
                "connect": [["refuse", 1002]],
                "logout": [["refuse", 1003]],
                "pairing_code": [["refuse", -32603]],
            }
        }
        async with play(life) as scene:
            with pytest.raises(AddressRefusedError):
                await scene.connect()
            with pytest.raises(NotConnectedError):
                await scene.messenger.logout(MAIN)
            with pytest.raises(SidecarGoneError):
                await scene.messenger.pairing_code(MAIN, Phone("+5573999990000"))

    asyncio.run(story())


def test_facts_survive_a_new_connection_and_old_progress_does_not(play: Play) -> None:
    inbound = {
        "message_id": "IN", "jid": JID, "number": "+5573999990000", "lid": None, "username": None, "name": "Ana",
        "kind": "text", "text": "PARAR", "about": None, "at": AT_MS, "live": True,
    }  # fmt: skip
    closed = {
        "generation": 1,
        "state": "closed",
        "code": 428,
        "cause": None,
        "expires_in_s": None,
        "account": None,
    }
    life = {
        "on": {
            "connect": [["answer", {}]],
            "refresh_session": [
                ["tell", "connection", closed],
                ["ask", "inbound", inbound],
                ["answer", {}],
            ],
        }
    }

    async def story() -> None:
        async with play(life) as scene:
            await scene.connect()
            await scene.connect()
            await scene.messenger.refresh_session(MAIN, [JID])
            await wait_until(lambda: len(scene.notes.told) == 1)
            (arrived,) = scene.notes.told
            assert isinstance(arrived, Inbound)
            assert (arrived.text, arrived.phone) == ("PARAR", Phone("+5573999990000"))

    asyncio.run(story())


def test_an_account_is_a_phone_to_the_listener(play: Play) -> None:
    account = {"jid": "5573999990000:12@s.whatsapp.net", "lid": "7:12@lid"}
    saved = ["ask", "creds.save", {"credentials": "{…}", "account": account}]

    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], saved]}}) as scene:
            await scene.connect()
            await wait_until(lambda: bool(scene.notes.answers()))
            session, _ = scene.notes.told
            assert session == SessionData(MAIN, "{…}", paired=True, phone=Phone("+5573999990000"))

    asyncio.run(story())
