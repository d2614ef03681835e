"""What every Messenger promises about what WhatsApp says: receipts, customers' texts, numbers."""

from datetime import datetime, timedelta

import pytest

from app.domain.account import CouldNotAsk, WhatsAppAccount
from app.domain.attempt import Accepted
from app.domain.phone import account_forms
from app.domain.receipt import Evidence
from app.ports.messenger import LinkState
from tests.contracts.asked_messenger import AskedMessenger, jid_of, new_id
from tests.contracts.heard_messenger import MAIN


class Receipts:
    def test_delivered_and_read_are_told_of_the_messages_id(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            wanted = [(await asked.customer(), new_id()) for _ in range(2)]
            for phone, message_id in wanted:
                assert isinstance(await asked.send(phone, message_id), Accepted)
            for _, message_id in wanted:
                await asked.heard.until((message_id, Evidence.DELIVERED))
                await asked.heard.until((message_id, Evidence.READ))

        asked.run(story)

    def test_messenger_repeats_what_the_listener_did_not_keep_until_drained(
        self, asked: AskedMessenger
    ) -> None:
        async def story() -> None:
            ana, message_id = await asked.customer(), new_id()
            asked.heard.keeps_receipts = False
            assert isinstance(await asked.send(ana, message_id), Accepted)
            await asked.heard.until((message_id, Evidence.READ))
            asked.heard.keeps_receipts = True
            await asked.open()
            before_drained = asked.heard.words[: asked.heard.words.index(LinkState.DRAINED)]
            for evidence in (Evidence.DELIVERED, Evidence.READ):
                assert before_drained.count((message_id, evidence)) == 1
            await asked.open()
            assert message_id not in {receipt.message_id for receipt in asked.heard.receipts}

        asked.run(story)


class ServerTime:
    @pytest.mark.requirement("Z3")
    def test_whatsapps_own_time_is_told_at_each_login_before_open(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            for _ in range(2):
                await asked.open()
                before_open = asked.heard.words[: asked.heard.words.index(LinkState.OPEN)]
                (told,) = [word for word in before_open if isinstance(word, datetime)]
                assert abs(told - asked.clock.now()) < timedelta(seconds=10)

        asked.run(story)


class CustomersTexts:
    def test_a_customers_text_is_told_live_with_its_number(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            message_id = await asked.writes(ana, "posso pegar em 10 min?")
            await asked.heard.until((message_id, True))
            (inbound,) = (told for told in asked.heard.inbound if told.message_id == message_id)
            assert (inbound.phone, inbound.kind, inbound.text) == (ana, "text", "posso pegar em 10 min?")

        asked.run(story)

    def test_a_text_that_waited_is_told_as_not_live(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            message_id = await asked.writes(ana, "PARAR")
            await asked.open()
            await asked.heard.until((message_id, False))
            (inbound,) = (told for told in asked.heard.inbound if told.message_id == message_id)
            assert (inbound.phone, inbound.text, inbound.live) == (ana, "PARAR", False)

        asked.run(story)


class Numbers:
    def test_a_number_has_an_account_or_none(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, nobody = await asked.customer(), await asked.customer(exists=False)
            found = await asked.messenger.find_number(MAIN, account_forms(ana))
            assert isinstance(found, WhatsAppAccount)
            assert found.jid == jid_of(ana)
            assert await asked.messenger.find_number(MAIN, account_forms(nobody)) is None

        asked.run(story)

    def test_the_account_decides_about_the_ninth_digit(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer(exists=False)
            await asked.old_number(ana)
            new, old = account_forms(ana)
            found = await asked.messenger.find_number(MAIN, [new, old])
            assert isinstance(found, WhatsAppAccount)
            assert found.jid == jid_of(old)

        asked.run(story)

    @pytest.mark.parametrize(("code", "kind"), [(429, "rate_limited"), (400, "refused")])
    def test_a_question_that_was_refused_is_no_answer(
        self, asked: AskedMessenger, code: int, kind: str
    ) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.will_not_say(ana, code)
            assert await asked.messenger.find_number(MAIN, [ana]) == CouldNotAsk(kind)

        asked.run(story)

    def test_a_session_that_is_not_open_could_not_ask(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            assert await asked.messenger.find_number(MAIN, [ana]) == CouldNotAsk("not_connected")

        asked.run(story)
