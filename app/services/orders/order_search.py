"""Finds orders by number, name or the end of the telephone, in memory, because names are sealed on disk."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.identifiers import OrderId
from app.services.orders.board_row import BoardRow


@dataclass(frozen=True, slots=True)
class _Card:
    number: str
    words: str = field(repr=False)
    phone: str = field(repr=False)


class OrderSearch:
    """Knows the orders it was shown."""

    def __init__(self) -> None:
        self._cards: dict[OrderId, _Card] = {}

    def put(self, rows: Iterable[BoardRow]) -> None:
        for row in rows:
            digits = "".join(sign for sign in row.order.customer_phone if sign.isdigit())
            self._cards[row.order.id] = _Card(str(row.order.number), folded(row.order.customer_name), digits)

    def unknown(self, order_ids: Iterable[OrderId]) -> list[OrderId]:
        """Those that must be shown to it before it can find them."""
        return [order_id for order_id in order_ids if order_id not in self._cards]

    def find(self, typed: str, order_ids: Sequence[OrderId]) -> list[OrderId]:
        """Those of `order_ids` that are meant, in the same order; all of them when nothing was typed."""
        wanted = folded(typed).strip()
        if not wanted:
            return list(order_ids)
        return [key for key in order_ids if (card := self._cards.get(key)) and _meant(card, wanted)]


def folded(text: str) -> str:
    """Without accents and capitals, as people type in a hurry."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _meant(card: _Card, wanted: str) -> bool:
    if wanted.startswith("#"):
        return card.number.startswith(wanted[1:])
    if wanted.isdigit():
        return card.number.startswith(wanted) or card.phone.endswith(wanted)
    return all(word in card.words for word in wanted.split())
