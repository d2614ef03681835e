"""What the variables of a template stand for in one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.domain.order import Order, OrderItem


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """The shop as it signs its messages; an empty field makes its section vanish."""

    name: str = "Coco Loko Açaiteria"
    address: str = ""
    phone: str = ""
    estimated_time: str = "15 a 20 minutos"


def values_of(order: Order, shop: ShopProfile) -> Mapping[str, str]:
    """Every variable that an order can fill; what is missing renders as nothing."""
    name = " ".join(order.customer_name.split())
    return {
        "customerName": name,
        "firstName": name.partition(" ")[0],
        "orderNumber": str(order.number),
        "items": "\n".join(_line(item) for item in order.items),
        "orderTotal": reais(order.total),
        "tableNumber": order.table_number or "",
        "orderNotes": order.notes,
        "estimatedTime": shop.estimated_time,
        "shopName": shop.name,
        "shopAddress": shop.address,
        "shopPhone": shop.phone,
    }


def reais(amount: Decimal) -> str:
    """R$ 1.234,50, whatever the PC's own locale says."""
    whole, _, cents = f"{abs(amount):,.2f}".partition(".")
    sign = "-" if amount < 0 else ""
    return f"R$ {sign}{whole.replace(',', '.')},{cents}"


def _line(item: OrderItem) -> str:
    return f"{item.quantity}× {item.name}"
