"""Values of a template's variables for one order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from app.domain.money import format_reais
from app.domain.order import Order, OrderItem
from app.domain.outgoing_text import value_text

# Values of an order are shortened here, so that the end of a message, with total and shop, is never cut off.
_LONGEST_WORD = 40
_LONGEST_LINE = 120
_LONGEST_NOTES = 500
_LONGEST_ITEMS = 1500


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """Profile of the shop that signs the messages; an empty field makes its section vanish."""

    name: str = "Coco Loko Açaiteria"
    address: str = ""
    phone: str = ""
    estimated_time: str = "15 a 20 minutos"


def values_of(order: Order, shop: ShopProfile) -> Mapping[str, str]:
    """Return every variable that an order can fill; a missing one renders as empty text."""
    first = first_name(order.customer_name)
    return {
        "customerName": _short(order.customer_name, _LONGEST_LINE) if first else "",
        "firstName": _short(first, _LONGEST_WORD),
        "orderNumber": str(order.number),
        "items": _items(order.items),
        "orderTotal": format_reais(order.total),
        "tableNumber": _short(order.table_number or "", _LONGEST_WORD),
        "orderNotes": _short(order.notes, _LONGEST_NOTES),
        "estimatedTime": shop.estimated_time,
        "shopName": shop.name,
        "shopAddress": shop.address,
        "shopPhone": shop.phone,
    }


def first_name(name: str) -> str:
    """Return the first word of a name that has a letter or a digit; empty text without such a word."""
    words = value_text(name).split()
    return next((word for word in words if any(map(str.isalnum, word))), "")


def _items(items: Sequence[OrderItem]) -> str:
    """Return one line per item, as many as fit."""
    lines = [f"{item.quantity}× {_short(item.name, _LONGEST_LINE)}" for item in items]
    shown = sum(end <= _LONGEST_ITEMS for end in accumulate(len(line) + 1 for line in lines))
    if left := len(lines) - shown:
        lines[shown:] = [f"… e mais {left} {'item' if left == 1 else 'itens'}"]
    return "\n".join(lines)


def _short(text: str, longest: int) -> str:
    plain = value_text(text)
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"
