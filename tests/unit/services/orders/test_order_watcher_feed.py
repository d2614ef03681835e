"""Order watcher: a feed is followed to its end, despite a failing order (Z2)."""

from collections.abc import AsyncIterator

import pytest

from app.domain.errors import DatabaseBusyError, DiskFullError
from app.domain.events import OrderChanged, ProblemReported
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import Order
from app.services.orders.order_watcher import OrderWatcher
from tests.harness.shop import Shop, in_shop

pytestmark = pytest.mark.requirement("Z2")


class Feed:
    """Tells these orders, one after the other."""

    def __init__(self, *orders: Order) -> None:
        self._orders = orders

    async def orders(self) -> AsyncIterator[Order]:
        for order in self._orders:
            yield order


def refuse(monkeypatch: pytest.MonkeyPatch, order_id: OrderId, *errors: Exception) -> None:
    """Let the watcher meet these errors, in order, when it keeps this order."""
    seen, left = OrderWatcher.store_and_notify, list(errors)

    async def refusing(watcher: OrderWatcher, order: Order, **how: object) -> None:
        if order.id == order_id and left:
            raise left.pop(0)
        await seen(watcher, order, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(OrderWatcher, "store_and_notify", refusing)


def watched(monkeypatch: pytest.MonkeyPatch, *errors: Exception) -> tuple[list[int], list[str]]:
    """Numbers of the orders told of after a minute, and the troubles; the second of three meets the errors."""
    told, troubles = list[int](), list[str]()

    async def story(shop: Shop) -> None:
        orders = [shop.order(n, phone=f"+557399954853{n}") for n in (1, 2, 3)]
        refuse(monkeypatch, orders[1].id, *errors)
        shop.core.background.tasks.start(shop.core.watcher.watch(Feed(*orders)), "feed")
        await shop.pass_time(minutes=1)
        told.extend(each.order.number for each in shop.events if isinstance(each, OrderChanged))
        troubles.extend(each.code for each in shop.events if isinstance(each, ProblemReported))
        for order in orders:
            if order.number in told:
                assert (await shop.message(order)).state is State.SENT

    in_shop(story)
    return told, troubles


def test_watcher_keeps_an_order_later_when_the_database_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    refusals = (DatabaseBusyError(), DiskFullError(), DatabaseBusyError())
    assert watched(monkeypatch, *refusals) == ([1, 2, 3], [])


def test_watcher_goes_on_to_the_next_order_when_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert watched(monkeypatch, ValueError()) == ([1, 3], ["unexpected"])
