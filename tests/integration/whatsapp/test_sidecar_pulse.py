"""What the sidecar says of its own and of WhatsApp's life, and how another takes its place."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.attempt import Accepted, Rejected, RejectionKind
from app.domain.errors import NotConnectedError, PairingCodeRefusedError, SidecarGoneError
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.messenger import ClientVersion, LinkChanged, LinkState, Pulse
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, OPEN, Play, Scene, children_of
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_sidecar import PONG

SECOND = timedelta(seconds=1)
EIGHT = 8 * SECOND
ACCEPTED = {"outcome": "accepted", "at": 0}


def pong(**said: object) -> list[object]:
    return ["answer", {**PONG, **said}]


async def due_in(scene: Scene, seconds: float) -> None:
    await wait_until(lambda: scene.clock.next_due == timedelta(seconds=seconds))


@pytest.mark.requirement("S4")
def test_an_answer_of_whatsapp_is_as_old_as_it_is_and_never_younger(play: Play) -> None:
    said = pong(
        steady_ms=90_000, memory_bytes=7, round_trip_ms=120, answered_ms=120, client_version="2.3000.1"
    )

    async def story() -> None:
        async with play({"on": {"ping": [said]}}) as scene:
            await scene.connect()
            asked = scene.clock.steady()
            assert await scene.messenger.ping(MAIN, EIGHT) == Pulse(
                up_for=90 * SECOND,
                memory_bytes=7,
                proved=asked + 0.12 * SECOND,
                round_trip=0.12 * SECOND,
                client_version="2.3000.1",
            )

    asyncio.run(story())


@pytest.mark.requirement("S4")
def test_an_answer_from_before_the_question_stays_in_the_past(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"ping": [pong(answered_ms=-9000)]}}) as scene:
            await scene.connect()
            pulse = await scene.messenger.ping(MAIN, EIGHT)
            assert (pulse.proved, pulse.round_trip) == (scene.clock.steady() - 9 * SECOND, None)

    asyncio.run(story())


def test_the_question_carries_how_long_whatsapp_may_take(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"ping": [["echo"], pong()]}}) as scene:
            await scene.connect()
            assert (await scene.messenger.ping(MAIN, EIGHT)).proved is None
            await wait_until(lambda: len(scene.notes.answers()) >= 1)
            assert '"patience_ms": 8000' in scene.notes.answers()[-1]

    asyncio.run(story())


def test_who_has_no_process_has_no_pulse(play: Play) -> None:
    async def story() -> None:
        async with play({}) as scene:
            with pytest.raises(NotConnectedError):
                await scene.messenger.ping(MAIN, EIGHT)
            assert await scene.messenger.recycle(MAIN, SECOND)
            assert scene.starts == 0

    asyncio.run(story())


@pytest.mark.requirement("S4")
def test_a_process_that_answers_nothing_any_more_is_ended_and_replaced(play: Play) -> None:
    mute_later = {"on": {"ping": [pong()], "connect": [["answer", {}], OPEN, ["deafen", "ping"]]}}

    async def story() -> None:
        async with play(mute_later, {}) as scene:
            await scene.connect()
            await wait_until(lambda: scene.notes.links() != [])
            asking = asyncio.get_running_loop().create_task(scene.messenger.ping(MAIN, EIGHT))
            await due_in(scene, 20)
            await scene.advance(20)
            with pytest.raises(SidecarGoneError):
                await asking
            await wait_until(lambda: scene.notes.links()[-1] == LinkChanged(MAIN, LinkState.CLOSED))
            await scene.connect()
            assert scene.starts == 2

    asyncio.run(story())


def test_a_successor_takes_over_gently_and_nobody_calls_it_a_death(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], OPEN]}}, {}) as scene:
            await scene.connect()
            await wait_until(lambda: scene.notes.links() != [])
            (old,) = children_of(scene.folder)
            assert await scene.messenger.recycle(MAIN, SECOND)
            assert not old.is_running()
            await scene.connect()
            assert scene.starts == 2
            assert scene.notes.links() == [LinkChanged(MAIN, LinkState.OPEN)]

    asyncio.run(story())


@pytest.mark.requirement("Q4")
def test_takeover_waits_for_the_message_in_flight_and_none_begins_then(play: Play) -> None:
    held = {"on": {"send_text": [["hold"]], "logout": [["release", ACCEPTED], ["answer", {}]]}}

    async def story() -> None:
        async with play(held, {}) as scene:
            await scene.connect()
            loop = asyncio.get_running_loop()

            def send() -> asyncio.Task[object]:
                text = scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("A"), timedelta(hours=9))
                return loop.create_task(text)

            sending = send()
            await due_in(scene, 30)
            recycling = loop.create_task(scene.messenger.recycle(MAIN, SECOND))
            await due_in(scene, 1)
            await scene.advance(1)
            assert await recycling is False
            assert scene.starts == 1
            recycling = loop.create_task(scene.messenger.recycle(MAIN, 30 * SECOND))
            await scene.messenger.logout(MAIN)
            assert isinstance(await sending, Accepted)
            await let_tasks_run()
            assert await send() == Rejected(RejectionKind.NOT_CONNECTED)
            assert await recycling

    asyncio.run(story())


def test_a_refused_code_is_an_error_of_its_own(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"pairing_code": [["refuse", 1004]]}}) as scene:
            await scene.connect()
            with pytest.raises(PairingCodeRefusedError):
                await scene.messenger.pairing_code(MAIN, Phone("+5573988112233"))

    asyncio.run(story())


def test_the_version_travels_with_the_connection(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["echo"], ["answer", {}]]}}) as scene:
            nobody = SessionData(MAIN, credentials="", paired=False)
            await scene.messenger.connect(nobody, ClientVersion("2.3000.9", "2.3000.5", look_up=True))
            await wait_until(lambda: scene.notes.answers() != [])
            (said,) = scene.notes.answers()
            for part in ('"version": "2.3000.9"', '"known_version": "2.3000.5"', '"look_up_version": true'):
                assert part in said
            assert '"browser": "windows_chrome"' in said

    asyncio.run(story())
