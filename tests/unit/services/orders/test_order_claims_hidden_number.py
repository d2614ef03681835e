"""Claims of orders by writers whose telephone number WhatsApp does not show."""

import pytest

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.domain.account import WhatsAppAccount
from app.domain.claim_text import claim_text
from app.domain.consent import ConsentWay
from app.domain.errors import InvalidPhoneError
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.order import Order
from app.ports.messenger import SeenAccount
from tests.harness.customer_words import ANA, first_words, say
from tests.harness.greeted_shop import JID, consents, order_now, phoneless, to
from tests.harness.hidden_customers import FOUND, HIDDEN, OTHER, UNASKED, in_lives, see_account
from tests.harness.shop import Shop, advanced, in_shop

pytestmark = pytest.mark.requirement("K1", "K3")


async def claim(shop: Shop, number: int = 7, lid: Lid = HIDDEN, message_id: str | None = None) -> None:
    await say(shop, claim_text(number), None, lid=lid.text, jid=lid.text, message_id=message_id)


async def owner(shop: Shop, order: Order) -> str:
    return (await order_now(shop, order)).customer_phone


@pytest.mark.requirement("K2")
def test_claim_by_lid_keeps_consent_when_the_number_was_never_asked() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = WhatsAppAccount(JID, "4711@lid")
        await shop.see(order := shop.order(7, status="pending_payment"))
        await claim(shop)
        (consent,) = await consents(shop, order)
        assert consent.way is ConsentWay.SCANNED
        assert consent.phone == ANA

    in_shop(story)


def test_claim_by_lid_tells_its_order_that_has_no_phone() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await say(shop, claim_text(7), None, lid="99@lid", jid="99@lid")
        assert to(shop) == ["99@lid"]
        assert (await shop.message(order)).state is State.SENT
        await shop.see(advanced(await order_now(shop, order), "ready"))
        await shop.pass_time(minutes=1)
        assert to(shop) == ["99@lid"] * 2

    in_shop(story)


def test_claim_by_lid_links_its_order_through_restarts() -> None:
    async def arrive(shop: Shop) -> None:
        await shop.see(phoneless(shop))

    async def write(shop: Shop) -> None:
        await claim(shop)
        assert to(shop) == [HIDDEN.text]

    async def advance(shop: Shop) -> None:
        order = await order_now(shop, phoneless(shop))
        await shop.see(advanced(order, "ready"))
        await shop.pass_time(minutes=1)
        assert to(shop) == [HIDDEN.text]
        assert await owner(shop, order) == HIDDEN.text

    in_lives(arrive, write, advance)


def test_claims_of_one_identity_are_limited_to_five_under_number_and_lid() -> None:
    async def story(shop: Shop) -> None:
        orders = [phoneless(shop, number) for number in range(1, 8)]
        for order in orders:
            await shop.see(order)
        for number in (1, 2, 3):
            await claim(shop, number)
        await see_account(shop)
        for number in (4, 5):
            await say(shop, claim_text(number), ANA, jid=JID)
        await claim(shop, 6)
        await say(shop, claim_text(7), ANA, jid=JID)
        owners = [await owner(shop, order) for order in orders]
        assert all(owners[:5])
        assert owners[5:] == ["", ""]

    in_shop(story)


def test_second_claimer_of_an_order_is_shown_as_another() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await claim(shop, message_id="3A1")
        await claim(shop, lid=OTHER, message_id="3A2")
        assert await owner(shop, order) == HIDDEN.text
        assert to(shop) == [HIDDEN.text]
        exchange = await shop.core.inbox.exchange(order.id)
        assert [(each.message_id, exchange.is_from_another(each)) for each in exchange.replies] == [
            ("3A1", False),
            ("3A2", True),
        ]

    in_shop(story)


def test_use_number_links_a_hidden_writer_by_lid() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := phoneless(shop))
        await claim(shop, message_id="3A1")
        await claim(shop, lid=OTHER, message_id="3A2")
        (second,) = (each for each in (await shop.core.inbox.exchange(order.id)).others)
        await shop.core.claims.use_number(order.id, second.message_id)
        assert await owner(shop, order) == OTHER.text
        exchange = await shop.core.inbox.exchange(order.id)
        assert [each.message_id for each in exchange.others] == ["3A1"]
        await shop.see(advanced(await order_now(shop, order), "ready"))
        await shop.pass_time(minutes=1)
        assert to(shop)[-1] == OTHER.text

    in_shop(story)


def test_use_number_keeps_the_orders_number_where_it_is_the_writers() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="pending_payment"))
        await claim(shop, message_id="3A1")
        await see_account(shop)
        await shop.core.claims.use_number(
            order.id, (await shop.core.inbox.exchange(order.id)).replies[0].message_id
        )
        assert await owner(shop, order) == ANA.number

    in_shop(story)


@pytest.mark.requirement("K2")
def test_consent_is_made_up_when_the_mapping_comes_later() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = UNASKED
        await shop.see(order := shop.order(7, status="pending_payment"))
        await claim(shop)
        assert await consents(shop, order) == []
        await see_account(shop)
        (consent,) = await consents(shop, order)
        assert consent.wording == claim_text(7)
        await see_account(shop)
        await see_account(shop, SeenAccount(ANA, OTHER))
        assert len(await consents(shop, order)) == 1
        contact = await shop.store.read(lambda rows: rows.contacts.get(HIDDEN))
        assert contact is not None
        assert contact.known

    in_shop(story)


@pytest.mark.requirement("K2")
def test_consent_is_made_up_by_the_lookup_after_restarts() -> None:
    async def arrive(shop: Shop) -> None:
        await shop.see(shop.order(7, status="pending_payment"))

    async def write(shop: Shop) -> None:
        await claim(shop)
        assert await consents(shop, shop.order(7)) == []

    async def look_up(shop: Shop) -> None:
        await shop.pass_time(minutes=5)
        assert len(await consents(shop, shop.order(7))) == 1
        contact = await shop.store.read(lambda rows: rows.contacts.get(ANA))
        assert contact is not None
        assert contact.known

    in_lives((UNASKED, arrive), (UNASKED, write), (FOUND, look_up))


def test_consent_is_not_made_up_for_anothers_order() -> None:
    async def story(shop: Shop) -> None:
        await shop.see(order := shop.order(7, status="pending_payment"))
        await claim(shop, lid=OTHER)
        await see_account(shop)
        assert await consents(shop, order) == []
        assert await owner(shop, order) == ANA.number

    in_shop(story)


@pytest.mark.requirement("K4")
def test_consent_is_made_up_for_the_new_owner_of_the_number() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", ANA, lid=HIDDEN.text)
        await shop.see(order := shop.order(7, status="pending_payment"))
        await claim(shop, lid=OTHER)
        assert await consents(shop, order) == []
        await see_account(shop, lid=OTHER)
        assert len(await consents(shop, order)) == 1

    in_shop(story)


def test_lid_as_the_phone_of_a_typed_order_is_no_address() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", None, lid=HIDDEN.text)
        await shop.see(order := shop.order(7, phone=HIDDEN.text))
        assert shop.messenger.sends == []
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop(story)
    with pytest.raises(InvalidPhoneError):
        TypedNumbers(lambda: "73").parse(HIDDEN.text)


@pytest.mark.requirement("X1")
def test_claim_by_an_opted_out_lid_is_told_nothing() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=HIDDEN.text)
        await shop.see(phoneless(shop))
        await claim(shop)
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)
