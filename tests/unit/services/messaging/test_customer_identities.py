"""Customer identities: what follows when number and LID turn out to be one customer, or no longer are."""

from datetime import datetime

import pytest

from app.domain.contact import Contact
from app.domain.lid import Address, lid_of
from app.domain.notification import State
from app.domain.opt_out import OptOut
from app.domain.phone import NO_PHONE
from app.ports.inbound import Inbound
from app.services.messaging.customer_identities import shown_name, writer_of, writers_of
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, first_words, say
from tests.harness.hidden_customers import FOUND, HIDDEN, OTHER, UNASKED, see_account
from tests.harness.shop import MAIN, Shop, in_shop

pytestmark = pytest.mark.requirement("K1")


async def opt_outs(shop: Shop, *addresses: Address) -> list[OptOut | None]:
    return await shop.store.read(lambda rows: [rows.opt_outs.in_force(each) for each in addresses])


async def contact(shop: Shop, address: Address) -> Contact | None:
    return await shop.store.read(lambda rows: rows.contacts.get(address))


def inbound(at: datetime, phone: object = None, lid: str | None = None) -> Inbound:
    return Inbound(MAIN, "3A1", phone, "text", "oi", at, live=True, lid=lid_of(lid))  # type: ignore[arg-type]


@pytest.mark.requirement("K4", "X1")
@pytest.mark.parametrize("lid", [None, HIDDEN.text])
@pytest.mark.parametrize("phone", [None, ANA])
def test_moved_number_keeps_the_opt_out_on_both_sides(phone: object, lid: str | None) -> None:
    """Whichever address the word came under, and was stored under."""

    async def story(shop: Shop) -> None:
        if not phone and not lid:
            return
        await say(shop, "PARAR", phone, lid=lid)  # type: ignore[arg-type]
        await see_account(shop)
        await see_account(shop, lid=OTHER)
        assert None not in await opt_outs(shop, ANA, ANA_BEFORE_2016, HIDDEN, OTHER)
        shop.messenger.answers[ANA] = FOUND
        await shop.see(shop.order(1))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


@pytest.mark.requirement("K4", "X2")
def test_moved_number_is_a_strangers_and_its_messages_go_to_the_new_owner() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", ANA, lid=HIDDEN.text)
        assert await contact(shop, ANA) is not None
        shop.messenger.gate.clear()
        await see_account(shop, lid=OTHER)
        assert await contact(shop, ANA) is None
        assert await contact(shop, HIDDEN) is not None
        assert await shop.store.read(lambda rows: rows.identities.phone_of(HIDDEN)) is None

    in_shop(story)


@pytest.mark.requirement("K4", "X1")
def test_return_after_a_move_lifts_the_opt_out_of_its_own_side_alone() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "PARAR", None, lid=HIDDEN.text)
        await see_account(shop)
        await see_account(shop, lid=OTHER)
        await say(shop, "VOLTAR", ANA, lid=OTHER.text)
        left = await opt_outs(shop, ANA, OTHER, HIDDEN)
        assert left[:2] == [None, None]
        assert left[2] is not None

    in_shop(story)


def test_writer_is_the_number_known_for_a_hidden_account() -> None:
    async def story(shop: Shop) -> None:
        at = shop.clock.now()
        await say(shop, "oi", ANA_BEFORE_2016, lid=HIDDEN.text)

        def work(rows: object) -> list[Address]:
            return [
                writer_of(rows, inbound(at, lid="4711:7@hosted.lid")),  # type: ignore[arg-type]
                writer_of(rows, inbound(at, lid=OTHER.text)),  # type: ignore[arg-type]
                writer_of(rows, inbound(at, ANA, OTHER.text)),  # type: ignore[arg-type]
                writer_of(rows, inbound(at)),  # type: ignore[arg-type]
            ]

        assert await shop.store.read(work) == [ANA_BEFORE_2016, OTHER, ANA, NO_PHONE]

    in_shop(story)


def test_writers_are_one_address_for_each_identity() -> None:
    async def story(shop: Shop) -> None:
        both = inbound(shop.clock.now(), ANA, HIDDEN.text)
        before = await shop.store.read(lambda rows: writers_of(rows, both))
        await say(shop, "oi", ANA, lid=HIDDEN.text)
        after = await shop.store.read(lambda rows: writers_of(rows, both))
        assert (before, after) == ([ANA, HIDDEN], [ANA])

    in_shop(story)


@pytest.mark.requirement("K3", "K5")
def test_shown_name_is_the_username_and_never_the_lid() -> None:
    async def story(shop: Shop) -> None:
        at = shop.clock.now()
        named = Inbound(MAIN, "3A1", None, "text", "oi", at, live=True, lid=HIDDEN, username="ana.acai")  # type: ignore[arg-type]
        await shop.messenger.emit(named)
        names = await shop.store.read(lambda rows: [shown_name(rows, each) for each in (HIDDEN, OTHER)])
        assert names == ["@ana.acai", ""]

    in_shop(story)


@pytest.mark.requirement("K5")
def test_username_that_is_another_customers_number_changes_nothing() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", ANA)
        at = shop.clock.now()
        forged = Inbound(MAIN, "3A1", None, "text", "oi", at, live=True, lid=OTHER, username=ANA.number)  # type: ignore[arg-type]
        await shop.messenger.emit(forged)
        assert not await shop.store.read(lambda rows: rows.identities.same(ANA, OTHER))
        await say(shop, "PARAR", None, lid=OTHER.text)
        assert await opt_outs(shop, ANA) == [None]

    in_shop(story)


@pytest.mark.requirement("K2", "X1")
def test_opt_out_stops_a_message_whose_lookup_brings_the_account() -> None:
    async def story(shop: Shop) -> None:
        answering_the_second(shop)
        await say(shop, "PARAR", None, lid=HIDDEN.text)
        await shop.see(order := shop.order(1))
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto"]
        assert (await shop.message(order)).state is State.SUPPRESSED

    in_shop(story)


def answering_the_second(shop: Shop) -> None:
    """Let the lookup at the order's arrival have no answer: that of the message itself brings the account."""
    find, asked = shop.messenger.find_numbers, [0]

    async def second(session_id: object, customers: object) -> object:
        asked[0] += 1
        shop.messenger.answers[ANA] = FOUND if asked[0] > 1 else UNASKED
        return await find(session_id, customers)  # type: ignore[arg-type]

    shop.messenger.find_numbers = second  # type: ignore[assignment,method-assign]
