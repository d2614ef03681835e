"""What every Messenger promises about texts that nobody answers."""

from collections.abc import Awaitable, Callable

import pytest

from app.domain.attempt import Accepted, InDoubt, Rejected, RejectionKind
from app.ports.messenger import LinkState
from tests.contracts.asked_messenger import AskedMessenger, new_id
from tests.contracts.heard_messenger import MAIN

LOSSES: dict[str, Callable[[AskedMessenger], Awaitable[None]]] = {
    "the line is cut": lambda asked: asked.drop(),
    "the connection is ended": lambda asked: asked.messenger.disconnect(MAIN),
    "the connection is replaced": lambda asked: asked.messenger.connect(asked.heard.session),
}


class Doubts:
    def test_a_text_that_nobody_answers_is_in_doubt_once_its_time_is_over(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            await asked.loses_ack(ana)
            async with asked.impatient():
                assert await asked.send(ana, message_id) == InDoubt("ack_timeout")
            assert asked.heard.codes == []

        asked.run(story)

    @pytest.mark.parametrize("loss", LOSSES)
    def test_what_is_in_flight_is_in_doubt_and_its_repeat_is_shown_once(
        self, asked: AskedMessenger, loss: str
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            sending = await asked.in_flight(ana, message_id)
            await LOSSES[loss](asked)
            assert await sending == InDoubt("socket_closed")
            await asked.open()
            assert isinstance(await asked.send(ana, message_id), Accepted)
            assert await asked.shown_to(ana) == [(message_id, "oi", 1)]

        asked.run(story)

    def test_an_id_that_is_in_flight_is_not_sent_again(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            sending = await asked.in_flight(ana, message_id)
            assert await asked.send(ana, message_id) == Rejected(RejectionKind.REFUSED)
            await asked.messenger.disconnect(MAIN)
            assert await sending == InDoubt("socket_closed")
            await asked.closed()

        asked.run(story)

    def test_a_stop_leaves_nothing_in_flight(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            sending = await asked.in_flight(await asked.customer(), new_id())
            async with asked.impatient():
                await asked.stop()
            assert await sending == InDoubt("socket_closed")

        asked.run(story)

    def test_the_death_of_the_sidecar_is_a_doubt_and_a_close_without_a_code(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            sending = await asked.in_flight(ana, message_id)
            await asked.kill()
            assert await sending == InDoubt("sidecar_gone")
            assert await asked.closed() is None
            assert asked.heard.links[-1].state is LinkState.CLOSED
            await asked.open()
            assert isinstance(await asked.send(ana, new_id()), Accepted)

        asked.run(story)
