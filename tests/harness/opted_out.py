"""Customers who have opted out, of every kind that the list shows."""

from datetime import timedelta

from app.domain.lid import Address, Lid
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.harness.shop import Shop

ANA = Phone("+5573999998537")


async def opt_out_every_kind(shop: Shop) -> None:
    """Opt out a number by hand, then an account with a username, a hidden one, and one without any address left."""
    now = shop.clock.now()

    def work(rows: Rows) -> None:
        named, hidden = Lid("4711@lid"), Lid("4712@lid")
        rows.identities.keep(ANA, now)
        rows.identities.keep(hidden, now)
        rows.identities.name(named, "bia.acai", now)
        rows.opt_outs.add(ANA, OptOut(now - timedelta(days=40), OptOutSource.MANAGER))
        customers: list[Address] = [named, hidden, Phone("+5571988887777")]
        for days, customer in enumerate(customers):
            rows.opt_outs.add(customer, OptOut(now - timedelta(days=30 - days), OptOutSource.CUSTOMER))

    await shop.store.transact(work)


async def opt_out_many(shop: Shop, count: int) -> None:
    now = shop.clock.now()

    def work(rows: Rows) -> None:
        for number in range(count):
            phone = Phone(f"+557398811{number:04d}")
            rows.identities.keep(phone, now)
            rows.opt_outs.add(phone, OptOut(now - timedelta(days=60), OptOutSource.CUSTOMER))

    await shop.store.transact(work)
