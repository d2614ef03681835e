"""List of opt-outs: pages, duplicates of one customer, search."""

from datetime import timedelta

import pytest

from app.domain.errors import InvalidPhoneError
from app.domain.lid import Address, Lid
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone
from app.ports.opt_out import LARGEST_PAGE
from app.ports.store import Rows
from tests.harness.opted_out import ANA, opt_out_every_kind, opt_out_many
from tests.harness.shop import Shop, in_shop

pytestmark = pytest.mark.requirement("X1")


def test_page_skips_decisions_that_were_all_undone() -> None:
    async def story(shop: Shop) -> None:
        now = shop.clock.now()
        await opt_out_every_kind(shop)

        def leave_and_return(rows: Rows) -> None:
            for _ in range(LARGEST_PAGE):
                rows.opt_outs.add(Phone("+5573911112222"), OptOut(now, OptOutSource.CUSTOMER))
                rows.opt_outs.undo(Phone("+5573911112222"), now, OptOutSource.CUSTOMER, None)

        await shop.store.transact(leave_and_return)
        listed = await shop.core.opt_outs.standing.page()
        assert (len(listed.opt_outs), listed.next) == (4, None)

    in_shop(story)


def test_pages_hold_every_customer_once() -> None:
    async def story(shop: Shop) -> None:
        await opt_out_many(shop, LARGEST_PAGE + 3)
        first = await shop.core.opt_outs.standing.page()
        rest = await shop.core.opt_outs.standing.page(first.next)
        phones = {each.customer.phone for page in (first, rest) for each in page.opt_outs}
        assert len(phones) == LARGEST_PAGE + 3
        assert rest.next is None

    in_shop(story)


@pytest.mark.requirement("K1")
def test_page_lists_a_customer_once_whose_two_identities_were_joined() -> None:
    async def story(shop: Shop) -> None:
        now, lid = shop.clock.now(), Lid("4711@lid")

        def work(rows: Rows) -> None:
            customers: list[Address] = [ANA, lid]
            for at, customer in enumerate(customers):
                rows.opt_outs.add(customer, OptOut(now + timedelta(days=at), OptOutSource.CUSTOMER))
            rows.identities.connect(ANA, lid, now)

        await shop.store.transact(work)
        (listed,) = (await shop.core.opt_outs.standing.page()).opt_outs
        assert (listed.customer.phone, listed.opt_out.opted_out_at) == (ANA, now + timedelta(days=1))
        await shop.core.opt_outs.undo_for_customer(ANA, "pediu")
        assert not (await shop.core.opt_outs.standing.page()).opt_outs

    in_shop(story)


def test_find_returns_the_opt_out_of_the_number_as_typed() -> None:
    async def story(shop: Shop) -> None:
        await opt_out_every_kind(shop)
        found = await shop.core.opt_outs.standing.find(ANA.number)
        assert found is not None
        assert found.customer.phone == ANA
        assert await shop.core.opt_outs.standing.find("+5573911112222") is None
        with pytest.raises(InvalidPhoneError):
            await shop.core.opt_outs.standing.find("12")

    in_shop(story)
