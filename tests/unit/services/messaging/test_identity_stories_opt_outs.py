"""Opt-outs and messages on their way while two addresses turn out to be one customer's, or a number moves on."""

from datetime import timedelta

import pytest

from app.domain.account import WhatsAppAccount
from app.domain.claim_text import claim_text
from app.domain.lid import Lid
from app.domain.opt_out import OptOut
from app.domain.phone import NO_PHONE
from tests.harness.customer_words import ANA, RUI, first_words, say
from tests.harness.greeted_shop import JID, phoneless, to
from tests.harness.hidden_customers import see_account
from tests.harness.shop import MAIN, Shop, in_shop

FORMER, NEW = Lid("4711@lid"), Lid("4712@lid")


async def _opt_outs(shop: Shop) -> list[OptOut | None]:
    return await shop.store.read(lambda rows: [rows.opt_outs.in_force(each) for each in (ANA, FORMER, NEW)])


@pytest.mark.requirement("K4", "X1")
def test_opt_out_by_a_moved_number_leaves_its_former_owner_alone() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "Oi", lid=FORMER.text)
        await say(shop, "PARAR", lid=NEW.text)
        number, former, new = await _opt_outs(shop)
        assert number == new != former is None

    in_shop(story)


@pytest.mark.requirement("K4", "X1")
def test_return_by_a_moved_number_leaves_its_former_owner_opted_out() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "Oi", lid=FORMER.text)
        await say(shop, "PARAR", None, lid=FORMER.text)
        await say(shop, "Voltar", lid=NEW.text)
        number, former, new = await _opt_outs(shop)
        assert number is new is None
        assert former is not None

    in_shop(story)


@pytest.mark.requirement("K4", "X1")
def test_move_to_an_opted_out_account_leaves_the_former_owner_alone() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "Oi", lid=FORMER.text)
        await say(shop, "PARAR", None, lid=NEW.text)
        await see_account(shop, lid=NEW)
        await shop.see(phoneless(shop))
        await say(shop, claim_text(7), None, lid=FORMER.text)
        assert to(shop) == [NEW.text, FORMER.text]

    in_shop(story)


@pytest.mark.requirement("K4", "X1")
def test_return_by_a_second_number_frees_the_first_that_had_moved() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "Oi", lid=FORMER.text)
        await say(shop, "PARAR", None, lid=NEW.text)
        await see_account(shop, lid=NEW)
        await say(shop, "Oi", RUI, lid=NEW.text)
        await say(shop, "VOLTAR", None, lid=NEW.text)
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=3)
        assert first_words(shop) == ["Pronto", "Que", "Oi"]

    in_shop(story)


@pytest.mark.requirement("K4", "X1", "K5")
def test_moved_number_keeps_the_opt_out_of_a_former_lid_that_was_emptied() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", lid=FORMER.text)
        now, later = shop.clock.now(), shop.clock.now() + timedelta(days=400)
        await shop.store.transact(lambda rows: rows.retention.date(now, now, 99))
        await shop.store.transact(lambda rows: rows.retention.empty(later, later, 99))
        await shop.store.transact(lambda rows: rows.retention.delete(later, later, 99))
        await see_account(shop, lid=NEW)
        assert None not in await _opt_outs(shop)

    in_shop(story)


@pytest.mark.requirement("K1", "X1")
def test_opt_out_that_joins_number_and_lid_stops_a_message_on_its_way() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "Oi", None, lid=FORMER.text)
        dispatch, order = shop.core.messages.number_check, shop.order(1)
        await shop.see(order)
        sent = await shop.message(order)
        await say(shop, "PARAR", lid=FORMER.text)
        assert shop.core.opt_outs.guard.blocks(sent)
        assert await dispatch.is_out_of_turn(sent)

    in_shop(story)


@pytest.mark.requirement("K4")
def test_answer_without_a_lid_keeps_the_number_with_its_new_owner() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, FORMER.text)
        await shop.see(shop.order(1))
        await say(shop, "Oi", lid=NEW.text)
        shop.messenger.answers[ANA] = WhatsAppAccount(JID)
        shop.clock.let_sleep(timedelta(days=31))
        await shop.core.messages.number_check.account_of(MAIN, ANA)
        assert await shop.store.read(lambda rows: rows.identities.lid_of(ANA)) == NEW

    in_shop(story)


@pytest.mark.requirement("Q9")
def test_order_without_an_address_gives_no_customer_a_contact() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(phoneless(shop))
        assert await shop.store.read(lambda rows: rows.contacts.get(NO_PHONE)) is None

    in_shop(story)


@pytest.mark.requirement("Q2", "K1")
def test_messages_on_their_way_to_both_addresses_keep_their_order() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, FORMER.text)
        await say(shop, "PARAR", None, lid=FORMER.text)
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto"]

    in_shop(story)
