"""Generator of customers and orders, deterministic by seed."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from random import Random  # noqa: TID251 - seeded on purpose, never for secrets
from uuid import UUID, uuid5

from app.domain.identifiers import OrderId
from app.domain.order import Order, OrderItem

_RUSHES = UUID("0b9d5f9c-5b1e-5a43-8f3e-2f6f5a3f9a10")
_FIRST = (
    "João",
    "Ana",
    "Duda",
    "Zé",
    "Maria Clara",
    "Íris",
    "Caetano",
    "Luísa",
    "Ruan",
    "Bia",
    "Otávio",
    "Jô",
)
_LAST = ("Silva", "Pereira dos Santos", "D'Ávila", "Conceição", "Nascimento", "Souza Brandão", "", "Ramos 🌴")
_MENU = (
    ("Açaí 300 ml", "16.00"),
    ("Açaí 500 ml", "22.50"),
    ("Açaí 700 ml na tigela com frutas", "31.90"),
    ("Água de coco", "8.00"),
    ("Coxinha", "7.50"),
    ("Tapioca de queijo coalho", "14.00"),
)
_NOTES = ("", "", "sem granola", "leite em pó à parte", "entregar na barraca azul 🏖️", "duas colheres")


@dataclass(frozen=True, slots=True)
class Customer:
    """Simulated customer: `number` is the phone as WhatsApp knows it, `registered_as` the account's form of it."""

    number: str
    registered_as: str
    companions: int


@dataclass(frozen=True, slots=True)
class RushOrder:
    order: Order
    customer: Customer


def order_id(seed: int, index: int) -> OrderId:
    return OrderId(str(uuid5(_RUSHES, f"{seed}:{index}")))


def rush_order(seed: int, index: int, now: datetime) -> RushOrder:
    """Return the `index`-th order of the rush, paid a moment ago, with its customer."""
    chance = Random(f"{seed}:{index}")  # noqa: S311
    customer = _customer(chance, seed, index)
    items = tuple(
        OrderItem(name, chance.randint(1, 4), Decimal(price))
        for name, price in chance.sample(_MENU, chance.randint(1, 3))
    )
    order = Order(
        id=order_id(seed, index),
        number=100 + index,
        customer_name=f"{chance.choice(_FIRST)} {chance.choice(_LAST)}".strip(),
        customer_phone=_as_typed(chance, customer.number),
        status="paid",
        payment_status="confirmed",
        total=sum((item.unit_price * item.quantity for item in items), Decimal(0)),
        created_at=now,
        items=items,
        table_number=chance.choice((None, "5", "12", "Varanda 3")),
        notes=chance.choice(_NOTES),
    )
    return RushOrder(order, customer)


def in_status(order: Order, status: str) -> Order:
    return replace(order, status=status)


def _customer(chance: Random, seed: int, index: int) -> Customer:
    line = f"{(seed * 7919 + index * 104729 + 1234567) % 10_000_000:07d}"
    number = f"+557398{line}"
    old_form = chance.random() < 0.3
    return Customer(
        number=number,
        registered_as=f"+5573{number[6:]}" if old_form else number,
        companions=1 if chance.random() < 0.2 else 0,
    )


def _as_typed(chance: Random, number: str) -> str:
    area, head, tail = number[3:5], number[5:10], number[10:]
    forms = (number, number[1:], f"({area}) {head}-{tail}", f"{area}{head}{tail}", f"{area} {head} {tail}")
    return chance.choice(forms)
