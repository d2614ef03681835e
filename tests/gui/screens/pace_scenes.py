"""Scenes of rate limits: a number's card, the connection popover, a held order."""

from datetime import timedelta

from app.domain.attempt import Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.phone import Phone
from app.domain.restriction import Restriction, RestrictionKind
from app.ports.store import Rows
from app.ui.frame.connection_indicator import ConnectionButton
from app.ui.orders.orders_page import OrdersPage
from tests.gui.screens.afternoon import Guest, live_through
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN

_WAITING = (
    Guest("Duda", 3, ("paid",), None, table="2"),
    Guest("Maria Clara Souza Brandão de Albuquerque e Melo", 1, ("paid",), None, table="5"),
)


async def strangers_told(stage: Stage, count: int, days: float = 0.2) -> None:
    """Record first contacts within the last hours, for a number of this age in days."""
    now = stage.shop.clock.now()
    first = Contact(MAIN, first_inbound_at=now - timedelta(days=30), first_sent_at=now - timedelta(days=days))

    def work(rows: Rows) -> None:
        rows.contacts.save(Phone("+5573988880000"), first)
        for at in range(count):
            told = Contact(MAIN, first_sent_at=now - timedelta(minutes=4 * at))
            rows.contacts.save(Phone(f"+55739888{at + 1:05d}"), told)

    await stage.shop.store.transact(work)
    await stage.shop.core.rate_limiters.resume()


async def card_half(stage: Stage) -> None:
    await strangers_told(stage, 26, days=1.2)
    for at in range(3):
        await stage.shop.see(stage.shop.order(at + 1, f"+5573977{at:06d}"))
        await stage.shop.pass_time(seconds=5)
    stage.open_tab("Ajustes")
    await stage.settle()


async def card_low(stage: Stage) -> None:
    await strangers_told(stage, 25)
    stage.open_tab("Ajustes")
    await stage.settle()


async def card_exhausted(stage: Stage) -> None:
    await strangers_told(stage, 30)
    stage.open_tab("Ajustes")
    await stage.settle()


async def card_free(stage: Stage) -> None:
    await strangers_told(stage, 41, days=9)
    stage.open_tab("Ajustes")
    await stage.settle()


async def _restricted(stage: Stage, restriction: Restriction) -> None:
    await strangers_told(stage, 12)
    await stage.shop.messenger.listener.restricted(MAIN, restriction)
    stage.window.notice.hide()
    await stage.settle()


async def locked(stage: Stage) -> None:
    ends = stage.shop.clock.now() + timedelta(hours=2, minutes=10)
    await _restricted(stage, Restriction(RestrictionKind.TIME_LOCK, active=True, until=ends))


async def capped(stage: Stage) -> None:
    ends = stage.shop.clock.now() + timedelta(days=6)
    cap = Restriction(RestrictionKind.NEW_CHAT_CAP, active=True, until=ends, used=250, total=250)
    await _restricted(stage, cap)


async def card_locked(stage: Stage) -> None:
    await locked(stage)
    stage.open_tab("Ajustes")
    await stage.settle()


async def card_capped(stage: Stage) -> None:
    await capped(stage)
    stage.open_tab("Ajustes")
    await stage.settle()


async def card_slowed(stage: Stage) -> None:
    """Show a number refused with 429 and a queue paused by hand."""
    await strangers_told(stage, 12)
    stage.shop.messenger.outcomes.append(Rejected(RejectionKind.RATE_LIMITED, 429))
    await stage.shop.see(stage.shop.order(1, "+5573977000001"))
    await stage.settle()
    await stage.shop.core.queue.pause()
    stage.open_tab("Ajustes")
    await stage.settle()


async def lamp_locked(stage: Stage) -> None:
    await locked(stage)
    stage.find(ConnectionButton).click()
    await stage.settle()


async def held_orders(stage: Stage) -> None:
    """Show two held orders above notified ones, and select one of them."""
    await live_through(stage)
    await locked(stage)
    await live_through(stage, _WAITING, first=130)
    await stage.settle()
    stage.find(OrdersPage).jump(131)
    stage.window.notice.hide()
    await stage.settle()
