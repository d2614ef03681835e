"""What every Messenger promises about customers' messages that were read at the counter."""

import pytest

from app.domain.errors import NotConnectedError
from app.domain.lid import Lid
from tests.contracts.asked_messenger import AskedMessenger
from tests.contracts.heard_messenger import MAIN


@pytest.mark.requirement("C4")
class ReadMarks:
    def test_read_messages_are_marked_for_the_customer_too(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            written = [await asked.writes(ana, text) for text in ("oi", "posso pegar?")]
            for message_id in written:
                await asked.heard.until((message_id, True))
            await asked.messenger.mark_read(MAIN, ana, written)
            for message_id in written:
                assert await asked.customer_sees_read(message_id)

        asked.run(story)

    def test_a_hidden_customers_message_is_marked_by_lid(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.hidden_customer()
            message_id = await asked.writes(ana, "oi")
            await asked.heard.until((message_id, True))
            await asked.messenger.mark_read(MAIN, Lid(await asked.lid_of(ana)), [message_id])
            assert await asked.customer_sees_read(message_id)

        asked.run(story)

    def test_the_customer_sees_nothing_where_the_account_says_no(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.switch_read_receipts(on=False)
            try:
                message_id = await asked.writes(ana, "oi")
                await asked.heard.until((message_id, True))
                await asked.messenger.mark_read(MAIN, ana, [message_id])
                assert not await asked.customer_sees_read(message_id)
            finally:
                await asked.switch_read_receipts(on=True)

        asked.run(story)

    def test_nothing_is_marked_without_a_connection(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            message_id = await asked.writes(ana, "oi")
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            with pytest.raises(NotConnectedError):
                await asked.messenger.mark_read(MAIN, ana, [message_id])

        asked.run(story)
