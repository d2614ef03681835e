"""Sample data of an afternoon: long names, emoji, large sums, messages in all states."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.order import NotificationType, Order, OrderItem
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt
from app.ports.messenger import LinkChanged, LinkState
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN

_STAGES = {
    "paid": NotificationType.PAYMENT_CONFIRMED,
    "in_preparation": NotificationType.PREPARING,
    "ready": NotificationType.READY,
}
_MENU = (
    (
        OrderItem("Açaí 700 ml na tigela com frutas", 2, Decimal("31.90")),
        OrderItem("Água de coco", 1, Decimal(8)),
    ),
    (OrderItem("Açaí 500 ml", 1, Decimal("22.50")),),
    (
        OrderItem("Coxinha", 24, Decimal("7.50")),
        OrderItem("Tapioca de queijo coalho com manteiga de garrafa", 12, Decimal(14)),
        OrderItem("Açaí 300 ml", 36, Decimal(16)),
    ),
)


@dataclass(frozen=True)
class Guest:
    """Sample order; `reached` are its past statuses, `evidence` the receipt of each one's message."""

    name: str
    minutes: int
    reached: tuple[str, ...] = ("paid",)
    evidence: Evidence | None = Evidence.READ
    outcome: Outcome | None = None
    table: str | None = None
    notes: str = ""
    has_whatsapp: bool = True


GUESTS: Sequence[Guest] = (
    Guest("Caetano", 41, ("paid", "in_preparation", "ready", "completed")),
    Guest("Otávio Conceição", 34, ("paid", "in_preparation", "ready"), table="Varanda 3"),
    Guest("Zé", 26, ("paid", "in_preparation"), notes="sem granola"),
    Guest("Ana Pereira dos Santos", 22, ("paid",), Evidence.DELIVERED, table="12"),
    Guest(
        "Maria Clara Souza Brandão de Albuquerque e Melo",
        18,
        ("paid", "in_preparation"),
        Evidence.DELIVERED,
        table="5",
        notes="entregar na barraca azul 🏖️, leite em pó à parte e duas colheres",
    ),
    Guest("Ruan Ramos 🌴", 14, ("paid",), None, Rejected(RejectionKind.RESTRICTED, 463)),
    Guest("Bia", 12, ("paid",), None, has_whatsapp=False),
    Guest("Íris D'Ávila", 9, ("paid", "in_preparation", "ready"), None),
    Guest("João Silva", 4, ("paid",), None, table="8"),
    Guest("Luísa Nascimento", 1, ("paid",), None, InDoubt("ack_timeout")),
)


async def live_through(stage: Stage, guests: Sequence[Guest] = GUESTS, first: int = 118) -> None:
    """Play the afternoon up to the stage's present time; `first` is the first order's number.

    The orders are as old as they say.
    """
    for at, guest in enumerate(guests, start=first - 118):
        await _serve(stage, _order(stage, at, guest), guest)


async def one_waits_for_the_connection(stage: Stage) -> None:
    stage.shop.messenger.opens = False
    await stage.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await _serve(stage, _order(stage, 11, Guest("Duda", 0)), Guest("Duda", 0, evidence=None))


def _order(stage: Stage, at: int, guest: Guest) -> Order:
    order = stage.shop.order(118 + at, phone=f"+55739995{at:05d}")
    items = _MENU[at % len(_MENU)]
    return replace(
        order,
        customer_name=guest.name,
        table_number=guest.table,
        notes=guest.notes,
        items=items,
        total=sum((item.unit_price * item.quantity for item in items), Decimal(0)),
        created_at=stage.shop.clock.now() - timedelta(minutes=guest.minutes),
    )


async def _serve(stage: Stage, order: Order, guest: Guest) -> None:
    messenger = stage.shop.messenger
    if not guest.has_whatsapp:
        messenger.answers[Phone(order.customer_phone)] = None
    for status in guest.reached:
        if guest.outcome:
            messenger.outcomes.append(guest.outcome)
        await stage.shop.core.watcher.store_and_notify(replace(order, status=status))
        await stage.settle()
        if guest.evidence and (kind := _STAGES.get(status)):
            told = await stage.shop.message(order, kind)
            await messenger.emit(Receipt(told.message_id, guest.evidence, stage.shop.clock.now()))
