"""Dating, emptying and deleting in the store in memory."""

from collections.abc import Hashable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from app.domain.identifiers import OrderId
from app.domain.notification import UNFINISHED
from app.domain.order_merge import without_content
from app.domain.phone import NO_PHONE, Phone

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables

_KEPT: Final = ("notifications", "orders", "numbers", "heard_words", "replies", "consents")
_DATED: Final = (*_KEPT, "aliases", "usernames")


class MemoryRetentionRows:
    def __init__(self, tables: "Tables") -> None:
        self._tables = tables

    def date(self, at: datetime, unsure: datetime, limit: int) -> int:
        dated = self._tables.retained_from
        everything = ((name, key) for name in _DATED for key in getattr(self._tables, name))
        wanted = (each for each in everything if each not in dated or unsure < dated[each] != at)
        chosen = list(islice(wanted, limit))
        dated.update(dict.fromkeys(chosen, at))
        return len(chosen)

    def empty(self, before: datetime, at: datetime, limit: int) -> int:
        done = self._empty_notifications(before, at, limit)
        done += self._empty_orders(before, at, limit - done)
        done += self._empty_replies(before, at, limit - done)
        done += self._empty_consents(before, at, limit - done)
        done += self._empty_aliases("aliases", before, at, limit - done)
        return done + self._empty_aliases("usernames", before, at, limit - done)

    def _empty_notifications(self, before: datetime, at: datetime, limit: int) -> int:
        rows = self._tables.notifications
        kept = [key for key in self._old("notifications", before, at) if rows[key].text][:limit]
        for key in kept:
            rows[key] = replace(rows[key], text="", phone=Phone(""))
        return len(kept)

    def _empty_orders(self, before: datetime, at: datetime, limit: int) -> int:
        rows = self._tables.orders
        kept = [key for key in self._old("orders", before, at) if not rows[key].is_erased][:limit]
        for key in kept:
            rows[key] = without_content(rows[key])
        return len(kept)

    def _empty_replies(self, before: datetime, at: datetime, limit: int) -> int:
        rows = self._tables.replies
        kept = [key for key in self._old("replies", before, at) if not rows[key].is_erased][:limit]
        for key in kept:
            rows[key] = replace(rows[key], phone=NO_PHONE, text=None, is_erased=True)
        return len(kept)

    def _empty_consents(self, before: datetime, at: datetime, limit: int) -> int:
        rows = self._tables.consents
        kept = [key for key in self._old("consents", before, at) if not rows[key].is_erased][:limit]
        for key in kept:
            rows[key] = replace(rows[key], phone=NO_PHONE, wording="", is_erased=True)
        return len(kept)

    def _empty_aliases(self, name: str, before: datetime, at: datetime, limit: int) -> int:
        rows = getattr(self._tables, name)
        kept = [key for key in self._old(name, before, at) if rows[key].seen][:limit]
        for key in kept:
            rows[key] = replace(rows[key], seen={})
        return len(kept)

    def delete(self, before: datetime, at: datetime, limit: int) -> int:
        deleted = 0
        for name in _KEPT:
            for key in self._old(name, before, at)[: limit - deleted]:
                del getattr(self._tables, name)[key]
                del self._tables.retained_from[name, key]
                deleted += 1
        return deleted

    def _old(self, name: str, before: datetime, at: datetime) -> list[Any]:
        return [key for key in getattr(self._tables, name) if self._is_old(name, key, before, at)]

    def _is_old(self, name: str, key: Hashable, before: datetime, at: datetime) -> bool:
        stamp, dated = self._stamp(name, key), self._tables.retained_from.get((name, key))
        return stamp is not None and (stamp < before or stamp > at) and dated is not None and dated < before

    def _stamp(self, name: str, key: Any) -> datetime | None:
        """None where it is not to go at any age."""
        tables = self._tables
        match name:
            case "notifications":
                row = tables.notifications[key]
                return None if row.state in UNFINISHED else row.changed_at
            case "orders":
                return None if self._owed(key) else tables.orders[key].created_at
            case "numbers":
                return None if key in tables.suspects else tables.numbers[key].checked_at
            case "replies":
                return tables.replies[key].received_at
            case "consents":
                return tables.consents[key].given_at
            case "aliases":
                return tables.aliases[key].seen_at
            case "usernames":
                return tables.usernames[key].seen_at
        return tables.heard_words[key]

    def _owed(self, key: OrderId) -> bool:
        rows = self._tables.notifications.values()
        return any(row.order_id == key and row.state in UNFINISHED for row in rows)
