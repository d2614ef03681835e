"""Opt-outs of writers whose telephone number WhatsApp does not show."""

import pytest

from app.domain.errors import DatabaseBusyError, NotOptedOutError
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, first_words, say
from tests.harness.greeted_shop import JID, order_now, phoneless, to
from tests.harness.hidden_customers import FOUND, HIDDEN, UNASKED, Story, in_lives, see_account
from tests.harness.shop import Shop, advanced, in_shop
from tests.simulators.busy_store import BusyStore

pytestmark = pytest.mark.requirement("X1", "K1")


async def in_force(shop: Shop, address: Phone | Lid) -> OptOut | None:
    return await shop.store.read(lambda rows: rows.opt_outs.in_force(address))


async def leave(shop: Shop) -> None:
    await say(shop, "PARAR", None, lid=HIDDEN.text)


async def come_back(shop: Shop) -> None:
    await say(shop, "VOLTAR", None, lid=HIDDEN.text)


async def order_brings_the_number(shop: Shop) -> None:
    shop.messenger.answers[ANA] = FOUND
    await shop.see(shop.order(1))
    await shop.pass_time(minutes=5)


def test_opt_out_by_lid_holds_when_an_order_brings_its_number() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = FOUND
        await leave(shop)
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto"]
        assert to(shop) == [HIDDEN.text]

    in_shop(story)


@pytest.mark.parametrize("lid", ["4711:12@lid", "4711@hosted.lid", "4711:3@hosted.lid"])
def test_opt_out_by_any_device_of_the_account_holds(lid: str) -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=lid)
        await order_brings_the_number(shop)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_opt_out_by_lid_holds_through_restarts_around_the_mapping() -> None:
    async def nothing_goes_out(shop: Shop) -> None:
        await shop.see(shop.order(2))
        await shop.see(shop.order(3, phone=ANA_BEFORE_2016.number))
        await shop.pass_time(minutes=5)
        assert shop.messenger.sends == []

    async def brought(shop: Shop) -> None:
        await order_brings_the_number(shop)
        assert shop.messenger.sends == []

    in_lives(leave, brought, nothing_goes_out)


def test_opt_out_by_number_holds_for_the_lid_that_claims_an_order() -> None:
    async def leave_by_number(shop: Shop) -> None:
        await say(shop, "PARAR", ANA_BEFORE_2016)

    async def claim(shop: Shop) -> None:
        await see_account(shop)
        await shop.see(phoneless(shop))
        await say(shop, "Oi! Quero acompanhar o pedido 7", None, lid=HIDDEN.text, jid=HIDDEN.text)
        await shop.pass_time(minutes=5)
        assert shop.messenger.sends == []

    in_lives(leave_by_number, claim)


@pytest.mark.parametrize(
    "stories",
    [
        (leave, come_back, order_brings_the_number),
        (leave, order_brings_the_number, come_back),
    ],
)
def test_return_by_lid_lets_messages_out_with_and_without_restarts(
    stories: tuple[Story, ...],
) -> None:
    async def told(shop: Shop) -> None:
        await shop.see(shop.order(2))
        await shop.pass_time(minutes=5)
        assert to(shop) == [JID]

    async def all_in_one(shop: Shop) -> None:
        for story in stories:
            await story(shop)
        await shop.see(shop.order(2))
        await shop.pass_time(minutes=5)
        assert "Oi" in first_words(shop)
        assert await in_force(shop, ANA) is None

    in_lives(*stories, (FOUND, told))
    in_shop(all_in_one)


def test_return_by_number_lifts_an_opt_out_by_lid_after_the_mapping() -> None:
    async def story(shop: Shop) -> None:
        await leave(shop)
        await see_account(shop)
        await say(shop, "VOLTAR", ANA_BEFORE_2016)
        assert await in_force(shop, HIDDEN) is None
        shop.messenger.answers[ANA] = FOUND
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto", "Que", "Oi"]

    in_shop(story)


def test_manager_lifts_a_hidden_writers_opt_out_by_the_number() -> None:
    async def story(shop: Shop) -> None:
        await leave(shop)
        with pytest.raises(NotOptedOutError):
            await shop.core.opt_outs.undo(ANA.number, "pediu no balcão")
        await see_account(shop)
        await shop.core.opt_outs.undo(ANA.number, "pediu no balcão")
        shop.messenger.answers[ANA] = FOUND
        await shop.see(shop.order(1))
        assert first_words(shop) == ["Pronto", "Oi"]
        history = await shop.store.read(lambda rows: rows.opt_outs.history(HIDDEN))
        assert [each.undone_by for each in history] == [OptOutSource.MANAGER]

    in_shop(story)


def test_opt_out_is_heard_once_under_number_and_lid() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=HIDDEN.text, message_id="3A1")
        await say(shop, "PARAR", ANA, lid=HIDDEN.text, message_id="3A1")
        await say(shop, "PARAR", ANA, message_id="3A1")
        assert first_words(shop) == ["Pronto"]
        assert None not in [await in_force(shop, each) for each in (ANA, HIDDEN)]

    in_shop(story)


def test_opt_out_by_lid_suppresses_what_waits_for_its_number() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = UNASKED
        await shop.see(order := shop.order(1))
        await see_account(shop)
        await leave(shop)
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop(story)


def test_opt_out_by_lid_that_comes_again_with_its_number_undoes_no_return() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=HIDDEN.text, message_id="3A1")
        await come_back(shop)
        await say(shop, "PARAR", ANA, lid=HIDDEN.text, message_id="3A1")
        assert await in_force(shop, ANA) is None

    in_shop(story)


@pytest.mark.parametrize("lifts", ["manager", "VOLTAR"])
def test_opt_out_recorded_late_is_lifted_under_every_address(lifts: str) -> None:
    store = BusyStore()

    async def story(shop: Shop) -> None:
        store.busy = True
        with pytest.raises(DatabaseBusyError):
            await say(shop, "PARAR", None, lid=HIDDEN.text, message_id="3A1")
        store.busy = False
        await say(shop, "PARAR", None, lid=HIDDEN.text, message_id="3A1")
        await shop.see(order := phoneless(shop))
        await say(shop, "Oi! Quero acompanhar o pedido 7", None, lid=HIDDEN.text, jid=HIDDEN.text)
        await see_account(shop)
        if lifts == "manager":
            await shop.core.opt_outs.undo(ANA.number, "pediu no balcão")
        else:
            await say(shop, lifts, ANA)
        await shop.see(advanced(await order_now(shop, order), "ready"))
        await shop.pass_time(minutes=1)
        assert first_words(shop) == (["Pronto", "Oi"] if lifts == "manager" else ["Pronto", "Que", "Oi"])

    in_shop(story, store=store)
