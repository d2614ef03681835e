"""Search of orders by number, name or last digits, in memory: names are sealed on disk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.canonical_words import canonical_words
from app.domain.identifiers import OrderId
from app.domain.lid import lid_of
from app.domain.visible_text import visible_text
from app.services.orders.board_row import BoardRow


@dataclass(frozen=True, slots=True)
class _SearchEntry:
    number: str
    words: str = field(repr=False)
    phone: str = field(repr=False)


class OrderSearch:
    """Index of the orders that were put into it."""

    def __init__(self) -> None:
        self._entries: dict[OrderId, _SearchEntry] = {}

    def put(self, rows: Iterable[BoardRow]) -> None:
        for row in rows:
            # The digits of a LID are no number that a person could search for.
            typed = "" if lid_of(row.order.customer_phone) else row.order.customer_phone
            digits = "".join(filter(str.isdigit, canonical_words(typed)))
            self._entries[row.order.id] = _SearchEntry(
                str(row.order.number), _name_words(row.order.customer_name), digits
            )

    def unknown(self, order_ids: Iterable[OrderId]) -> list[OrderId]:
        """Return the orders that must be put before they can be found."""
        return [order_id for order_id in order_ids if order_id not in self._entries]

    def find(self, typed: str, order_ids: Sequence[OrderId]) -> list[OrderId]:
        """Return the matches among `order_ids`, in the same order; all of them for an empty search."""
        wanted = visible_text(typed).strip()
        if not wanted:
            return list(order_ids)
        return [key for key in order_ids if (entry := self._entries.get(key)) and _meant(entry, wanted)]


def _name_words(name: str) -> str:
    """Return the words by which a name is found; a name without a letter is found as it looks."""
    return canonical_words(name) or visible_text(name)


def _meant(entry: _SearchEntry, wanted: str) -> bool:
    if wanted.startswith("#"):
        return entry.number.startswith(wanted[1:])
    words = _name_words(wanted)
    if words.isdigit():
        return entry.number.startswith(words) or entry.phone.endswith(words)
    return all(word in entry.words for word in words.split())
