"""A simulated customer writes "Parar!": the whole product over the real sidecar and the database on disk."""

import asyncio
from pathlib import Path

import pytest

from app.domain.events import NotificationQueued, ReplyArrived
from app.domain.notification import State, Suppression
from app.domain.opt_out import OptOutSource
from app.domain.order import NotificationType
from tests.harness.sidecar_shop import ANA, SidecarShopHarness, open_sidecar_shop
from tests.harness.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.requirement("X1"), pytest.mark.timeout(90)]


@pytest.mark.parametrize("named_by", ["pn", "lid"])
@pytest.mark.parametrize("registered_as", [ANA.number, "+557399548537"])
def test_customer_who_writes_parar_reads_one_confirmation_and_no_more(
    tmp_path: Path, named_by: str, registered_as: str
) -> None:
    async def story() -> None:
        async with open_sidecar_shop(tmp_path, registered_as=registered_as) as shop:
            await shop.whatsapp.admin.post("options", messages_as=named_by)
            await shop.core.watcher.store_and_notify(shop.order(1))
            await shop.until_shown("Oi")
            await shop.writes("Parar!")
            await wait_until(lambda: _heard(shop))
            await shop.until_opted_out(opted_out=True)
            await shop.until_shown("Oi", "Pronto")
            await shop.core.watcher.store_and_notify(shop.order(1, "in_preparation"))
            await shop.core.watcher.store_and_notify(shop.order(2))
            await shop.writes("voltar")
            await shop.until_shown("Oi", "Pronto", "Que")
            await shop.core.watcher.store_and_notify(shop.order(3))
            await shop.until_shown("Oi", "Pronto", "Que", "Oi")
            (kept,) = await shop.core.background.store.read(lambda rows: rows.opt_outs.history(ANA))
            assert (kept.source, kept.undone_by) == (OptOutSource.CUSTOMER, OptOutSource.CUSTOMER)
            held = [
                (event.notification.type, event.notification.reason)
                for event in shop.events
                if isinstance(event, NotificationQueued) and event.notification.state is State.SUPPRESSED
            ]
            assert held == [
                (NotificationType.PREPARING, Suppression.OPTED_OUT),
                (NotificationType.PAYMENT_CONFIRMED, Suppression.OPTED_OUT),
            ]

    asyncio.run(story())


async def _heard(shop: SidecarShopHarness) -> bool:
    return any(isinstance(event, ReplyArrived) for event in shop.events)
