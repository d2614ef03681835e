"""What every Messenger promises about customers' texts that waited at WhatsApp, before they are read (X1)."""

import pytest

from app.domain.identifiers import MessageId
from app.domain.lid import Address, lid_of
from app.ports.messenger import LinkState
from tests.contracts.asked_messenger import AskedMessenger
from tests.contracts.heard_messenger import MAIN, RECORDED, UNREAD, Heard


def addresses(heard: Heard, message_id: MessageId) -> set[Address]:
    return {each for told in heard.unread if told.message_id == message_id for each in told.addresses}


async def leave(asked: AskedMessenger) -> None:
    await asked.messenger.disconnect(MAIN)
    await asked.closed()


@pytest.mark.requirement("X1")
class WaitingTexts:
    def test_each_writer_is_told_before_the_text_until_it_is_kept(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            writers = [await asked.customer() for _ in range(3)]
            await leave(asked)
            sent = [(writer, await asked.writes(writer, "SAIR")) for writer in writers]
            await asked.open()
            for writer, message_id in sent:
                words = [
                    word for word in asked.heard.words if isinstance(word, tuple) and word[0] == message_id
                ]
                steps = [word[1] for word in words]
                assert steps == [UNREAD, False, RECORDED]
                assert writer in addresses(asked.heard, message_id)
            assert asked.heard.words.index(LinkState.DRAINED) > asked.heard.words.index(
                (sent[-1][1], RECORDED)
            )

        asked.run(story)

    def test_a_writer_without_a_number_is_told_by_the_lid(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            hidden = await asked.hidden_customer()
            await leave(asked)
            message_id = await asked.writes(hidden, "SAIR")
            await asked.open()
            assert addresses(asked.heard, message_id) == {lid_of(await asked.lid_of(hidden))}

        asked.run(story)

    def test_a_text_that_is_not_kept_stays_unread_and_the_queue_undrained(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            writer = await asked.customer()
            await leave(asked)
            message_id = await asked.writes(writer, "SAIR")
            asked.heard.forget()
            asked.heard.keeps_texts = False
            await asked.messenger.connect(asked.heard.session)
            await asked.heard.until(LinkState.OPEN)
            await asked.heard.until((message_id, False))
            assert (message_id, RECORDED) not in asked.heard.words
            assert LinkState.DRAINED not in asked.heard.words
            asked.heard.keeps_texts = True
            await asked.open()
            assert asked.heard.words.count((message_id, RECORDED)) == 1

        asked.run(story)

    def test_an_undecryptable_text_is_told_as_such_before_it_counts_as_kept(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            writer = await asked.customer()
            await leave(asked)
            await asked.garbles(writer)
            message_id = await asked.writes(writer, "SAIR")
            await asked.open()
            assert (await asked.heard.text(message_id)).text == "SAIR"
            first = next(each for each in asked.heard.inbound if each.message_id == message_id)
            assert (first.kind, first.text, first.live) == ("unreadable", None, False)
            words = asked.heard.words
            assert words.index((message_id, False)) < words.index((message_id, RECORDED))

        asked.run(story)

    def test_a_text_that_comes_live_is_never_unread(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            message_id = await asked.writes(await asked.customer(), "oi")
            await asked.heard.until((message_id, True))
            assert asked.heard.unread == []

        asked.run(story)
