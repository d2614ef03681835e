"""Search of orders by number, name or last digits, in memory: names are sealed on disk."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.canonical_words import canonical_words
from app.domain.identifiers import OrderId
from app.domain.lid import lid_of
from app.domain.order import Order
from app.domain.visible_text import visible_text


@dataclass(frozen=True, slots=True)
class _SearchEntry:
    number: str
    words: str = field(repr=False)
    phone: str = field(repr=False)


class OrderSearch:
    """Index of the orders that were put into it."""

    def __init__(self) -> None:
        self._entries: dict[OrderId, _SearchEntry] = {}

    def put(self, orders: Iterable[Order]) -> None:
        for order in orders:
            # The digits of a LID are no number that a person could search for.
            typed = "" if lid_of(order.customer_phone) else order.customer_phone
            digits = "".join(filter(str.isdigit, canonical_words(typed)))
            self._entries[order.id] = _SearchEntry(
                str(order.number), _name_words(order.customer_name), digits
            )

    def unknown(self, order_ids: Iterable[OrderId]) -> list[OrderId]:
        """Return the orders that must be put before they can be found."""
        return [order_id for order_id in order_ids if order_id not in self._entries]

    def find(self, typed: str, order_ids: Sequence[OrderId]) -> list[OrderId]:
        """Return the matches among `order_ids`, in the same order; all of them for an empty search."""
        wanted = visible_text(typed).strip()
        if not wanted:
            return list(order_ids)
        is_meant = _condition(wanted)
        return [key for key in order_ids if (entry := self._entries.get(key)) and is_meant(entry)]


def _name_words(name: str) -> str:
    """Return the words by which a name is found; a name without a letter is found as it looks."""
    return canonical_words(name) or visible_text(name)


def _condition(wanted: str) -> Callable[[_SearchEntry], bool]:
    """Return the condition of a match; what was typed is read once, not once for each order."""
    if wanted.startswith("#"):
        number = wanted[1:]
        return lambda entry: entry.number.startswith(number)
    words = _name_words(wanted)
    if words.isdigit():
        return lambda entry: entry.number.startswith(words) or entry.phone.endswith(words)
    parts = words.split()
    return lambda entry: all(part in entry.words for part in parts)
