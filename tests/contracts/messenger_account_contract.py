"""What every Messenger promises about account ids (LIDs): customers without a number, numbers asked together."""

import pytest

from app.domain.account import CouldNotAsk, WhatsAppAccount
from app.domain.attempt import Accepted
from app.domain.lid import Lid
from app.domain.phone import account_forms
from app.domain.receipt import Evidence
from app.ports.messenger import SeenAccount
from tests.contracts.asked_messenger import AskedMessenger, jid_of, new_id
from tests.contracts.heard_messenger import MAIN


class HiddenCustomers:
    @pytest.mark.requirement("K1")
    def test_a_hidden_writer_has_an_account_id_and_no_number(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.hidden_customer(username="ana.acai")
            message_id, lid = await asked.writes(ana, "PARAR"), await asked.lid_of(ana)
            await asked.heard.until((message_id, True))
            (inbound,) = (told for told in asked.heard.inbound if told.message_id == message_id)
            assert (inbound.phone, inbound.text, inbound.username) == (None, "PARAR", "ana.acai")
            assert (inbound.lid, inbound.jid) == (Lid(lid), lid)
            await asked.heard.until_seen(SeenAccount(None, Lid(lid), "ana.acai"))

        asked.run(story)

    @pytest.mark.requirement("K3")
    def test_a_text_to_an_account_id_is_shown_and_has_receipts(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, message_id = await asked.hidden_customer(), new_id()
            lid = await asked.lid_of(ana)
            assert isinstance(await asked.send_to(lid, message_id, "seu açaí está pronto"), Accepted)
            await asked.heard.until((message_id, Evidence.READ))
            assert await asked.shown_to(ana) == [(message_id, "seu açaí está pronto", 1)]

        asked.run(story)

    @pytest.mark.requirement("K1")
    def test_a_receipt_tells_the_account_id_of_the_number_told(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, message_id = await asked.hidden_customer(), new_id()
            lid = await asked.lid_of(ana)
            assert isinstance(await asked.send(ana, message_id), Accepted)
            await asked.heard.until((message_id, Evidence.DELIVERED))
            await asked.heard.until_seen(SeenAccount(ana, Lid(lid)))

        asked.run(story)


class AccountIds:
    @pytest.mark.requirement("K2")
    def test_numbers_are_answered_together_in_the_order_asked(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, rui = await asked.hidden_customer(), await asked.customer()
            nobody = await asked.customer(exists=False)
            customers = [account_forms(phone) for phone in (rui, nobody, ana)]
            found = await asked.messenger.find_numbers(MAIN, customers)
            assert [answer and answer.jid for answer in found if not isinstance(answer, CouldNotAsk)] == [
                jid_of(rui),
                None,
                jid_of(ana),
            ]

        asked.run(story)

    @pytest.mark.requirement("K2")
    def test_an_account_id_that_comes_late_is_told_when_asked_again(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.hidden_customer()
            lid = await asked.lid_of(ana)
            assert await asked.messenger.find_number(MAIN, [ana]) == WhatsAppAccount(jid_of(ana))
            await asked.tells_lid(ana)
            assert await asked.messenger.find_numbers(MAIN, [[ana]]) == [WhatsAppAccount(jid_of(ana), lid)]
            await asked.heard.until_seen(SeenAccount(ana, Lid(lid)))

        asked.run(story)

    @pytest.mark.requirement("K4")
    def test_a_number_registered_anew_has_another_account_id(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana = await asked.customer()
            await asked.tells_lid(ana)
            former = await asked.messenger.find_number(MAIN, [ana])
            await asked.reregister(ana)
            lid = await asked.lid_of(ana)
            assert (
                former != await asked.messenger.find_number(MAIN, [ana]) == WhatsAppAccount(jid_of(ana), lid)
            )
            await asked.heard.until_seen(SeenAccount(ana, Lid(lid)))

        asked.run(story)

    @pytest.mark.requirement("K2")
    def test_one_refused_question_is_no_answer_about_any_number(self, asked: AskedMessenger) -> None:
        async def story() -> None:
            ana, rui = await asked.customer(), await asked.customer()
            await asked.messenger.disconnect(MAIN)
            await asked.closed()
            unasked = [CouldNotAsk("not_connected")] * 2
            assert await asked.messenger.find_numbers(MAIN, [[ana], [rui]]) == unasked

        asked.run(story)
