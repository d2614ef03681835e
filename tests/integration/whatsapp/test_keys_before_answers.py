"""What is written down as sent never stands ahead of the ratchet it was sent with."""

import asyncio

import pytest

from app.domain.attempt import Accepted
from app.domain.identifiers import MessageId
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, Play
from tests.integration.whatsapp.test_receipts import ACCEPTED, AT
from tests.simulators.moved_clock import let_tasks_run

LOOK = ["ask", "keys.get", {"type": "session", "ids": ["1.0"]}]
KEYS = ["ask", "keys.set", {"changes": {"session": {"1.0": "newer"}}}]


@pytest.mark.requirement("Q4")
def test_answer_waits_for_its_keys_in_the_store_and_not_for_the_disk(
    play: Play,
) -> None:
    async def story() -> None:
        looked, disk, asked = asyncio.Event(), asyncio.Event(), list[str]()

        async def before_commit() -> None:
            asked.append("look" if not asked else "keys")
            await (looked if asked == ["look"] else disk).wait()

        async with play({"on": {"send_text": [LOOK, KEYS, ["answer", ACCEPTED]]}}) as scene:
            await scene.connect()
            scene.store.before_commit = before_commit
            async with asyncio.TaskGroup() as tasks:
                later = scene.clock.steady() * 2
                sending = tasks.create_task(
                    scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("A"), later)
                )
                await wait_until(lambda: asked == ["look"])
                await scene.messenger.ping(MAIN)
                await let_tasks_run()
                assert not sending.done()
                looked.set()
            assert sending.result() == Accepted(AT)
            assert asked == ["look", "keys"]
            disk.set()

    asyncio.run(story())
