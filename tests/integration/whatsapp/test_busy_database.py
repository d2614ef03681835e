"""What the sidecar tells only once outlasts a while in which another program holds the database."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from app.domain.errors import DatabaseBusyError
from app.domain.lid import Lid
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.inbound import Inbound
from app.ports.messenger import SeenAccount
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, Play, Scene

SAVED = ["ask", "creds.save", {"credentials": "{…}", "account": None}]
INBOUND = {
    "message_id": "A",
    "jid": "1@lid",
    "number": None,
    "lid": None,
    "username": None,
    "name": None,
    "kind": "text",
    "text": "SAIR",
    "about": None,
    "at": 1,
    "live": True,
}


class Busy:
    """A database that is held for so many tries."""

    def __init__(self, tries: int) -> None:
        self.left = tries

    async def __call__(self) -> None:
        if self.left:
            self.left -= 1
            raise DatabaseBusyError


async def outlast(scene: Scene, *pauses: int) -> None:
    for pause in pauses:
        await wait_until(lambda due=timedelta(seconds=pause): scene.clock.next_due == due)
        await scene.advance(pause)


def test_credentials_are_saved_when_the_database_is_free_again(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], SAVED]}}) as scene:
            scene.notes.before_saving = Busy(2)
            await scene.connect()
            await outlast(scene, 1, 2)
            await wait_until(lambda: scene.notes.answers() == ["{}"])
            assert scene.notes.told[0] == SessionData(MAIN, "{…}", paired=False)

    asyncio.run(story())


def test_reply_is_heard_once_when_the_busy_database_is_free_again(play: Play) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], ["ask", "inbound", INBOUND]]}}) as scene:
            scene.notes.before_hearing = Busy(3)
            await scene.connect()
            await outlast(scene, 1, 2, 4)
            await wait_until(lambda: scene.notes.answers() == ["{}"])
            assert [type(told) for told in scene.notes.told].count(Inbound) == 1

    asyncio.run(story())


def test_account_ids_are_saved_when_the_busy_database_is_free_again(play: Play) -> None:
    pair = {"number": "+5573999990000", "lid": "4711@lid", "username": "ana.acai", "live": True}

    async def story() -> None:
        ask = ["ask", "mappings", {"mappings": [pair]}]
        async with play({"on": {"connect": [["answer", {}], ask]}}) as scene:
            scene.notes.before_hearing = Busy(2)
            await scene.connect()
            await outlast(scene, 1, 2)
            await wait_until(lambda: scene.notes.answers() == ["{}"])
            assert SeenAccount(Phone("+5573999990000"), Lid("4711@lid"), "ana.acai") in scene.notes.told

    asyncio.run(story())


def test_a_database_that_stays_busy_is_given_up_and_what_follows_is_heard(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], SAVED, SAVED]}}) as scene:
            scene.notes.before_saving = Busy(4)
            await scene.connect()
            await outlast(scene, 1, 2, 4)
            await wait_until(lambda: len(scene.notes.answers()) == 2)
            refused, saved = (json.loads(answer) for answer in scene.notes.answers())
            assert (refused["code"], saved) == (-32603, {})

    caplog.set_level(logging.INFO)
    asyncio.run(story())
    assert DatabaseBusyError.code in caplog.text
