"""Seen accounts: mappings and usernames are kept for customers, and for no one else in the phone."""

from functools import partial

import pytest

from app.domain.lid import Address, Lid
from app.domain.notification import State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone
from app.ports.messenger import SeenAccount
from tests.harness.customer_words import ANA, ANA_BEFORE_2016, RUI, first_words, say
from tests.harness.hidden_customers import HIDDEN, OTHER, UNASKED, see_account
from tests.harness.shop import Shop, in_shop

pytestmark = pytest.mark.requirement("K1")


async def same(shop: Shop, one: Address, other: Address) -> bool:
    return await shop.store.read(lambda rows: rows.identities.same(one, other))


async def username(shop: Shop, lid: Lid = HIDDEN) -> str | None:
    return await shop.store.read(lambda rows: rows.identities.username_of(lid))


@pytest.mark.requirement("K5")
def test_accounts_of_no_customer_are_not_kept() -> None:
    async def story(shop: Shop) -> None:
        await see_account(shop, username="ana")
        known = await shop.store.read(lambda rows: [rows.identities.knows(each) for each in (ANA, HIDDEN)])
        assert known == [False, False]
        assert await username(shop) is None

    in_shop(story)


@pytest.mark.parametrize("phone", [ANA, ANA_BEFORE_2016])
def test_account_of_a_customers_number_is_kept(phone: Phone) -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", phone)
        await see_account(shop, username="ana")
        assert await same(shop, ANA, HIDDEN)
        assert await username(shop) == "ana"

    in_shop(story)


def test_account_of_a_hidden_writer_is_kept() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", None, lid="4711:3@lid")
        await see_account(shop)
        assert await same(shop, ANA, HIDDEN)

    in_shop(story)


@pytest.mark.requirement("X1")
def test_account_of_an_opted_out_number_without_alias_is_kept() -> None:
    """An opt-out of an earlier version is stored without an alias."""

    async def story(shop: Shop) -> None:
        left = OptOut(shop.clock.now(), OptOutSource.CUSTOMER)
        await shop.store.transact(lambda rows: rows.opt_outs.add(ANA, left))
        await see_account(shop)
        assert await shop.store.read(lambda rows: rows.opt_outs.in_force(HIDDEN)) == left

    in_shop(story)


@pytest.mark.requirement("X1")
def test_account_suppresses_what_waits_for_an_opted_out_customer() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.answers[ANA] = UNASKED
        await say(shop, "PARAR", None, lid=HIDDEN.text)
        await shop.see(order := shop.order(1))
        assert (await shop.message(order)).state is State.PENDING
        await see_account(shop)
        assert (await shop.message(order)).state is State.SUPPRESSED
        await shop.pass_time(minutes=5)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


@pytest.mark.requirement("K4")
def test_account_from_the_history_contradicts_no_other() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", ANA, lid=HIDDEN.text)
        await see_account(shop, lid=OTHER, live=False, username="bia")
        assert await same(shop, ANA, HIDDEN)
        assert await username(shop, OTHER) is None
        await see_account(shop, lid=OTHER)
        assert not await same(shop, ANA, HIDDEN)
        assert await same(shop, ANA, OTHER)

    in_shop(story)


def test_username_alone_is_kept_and_moves_to_the_account_named_last() -> None:
    async def story(shop: Shop) -> None:
        for lid in (HIDDEN, OTHER):
            await say(shop, "oi", None, lid=lid.text)
            await see_account(shop, SeenAccount(None, lid, "ana"))
        assert [await username(shop, lid) for lid in (HIDDEN, OTHER)] == [None, "ana"]
        assert not await same(shop, HIDDEN, OTHER)

    in_shop(story)


def test_accounts_of_a_long_history_are_kept_in_several_transactions() -> None:
    async def story(shop: Shop) -> None:
        await say(shop, "oi", ANA)
        await say(shop, "oi", RUI)
        others = [
            SeenAccount(Phone(f"+5511{each:08d}"), Lid(f"{each}@lid"), live=False) for each in range(120)
        ]
        mine = [SeenAccount(ANA, HIDDEN, live=False), SeenAccount(RUI, OTHER, live=False)]
        counted, transact = [0], shop.store.transact

        async def counting(work: object) -> object:
            counted[0] += 1
            return await transact(work)  # type: ignore[arg-type]

        shop.store.transact = counting  # type: ignore[assignment,method-assign]
        await shop.messenger.see(mine[0], *others, mine[1])
        assert counted[0] == 3
        shop.store.transact = partial(transact)  # type: ignore[method-assign]
        assert await same(shop, ANA, HIDDEN)
        assert await same(shop, RUI, OTHER)

    in_shop(story)
