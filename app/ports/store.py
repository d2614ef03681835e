"""Port of the local database: transactions over rows of domain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from app.domain.account import KnownNumber
from app.domain.contact import Contact
from app.domain.identifiers import OrderId, SessionId
from app.domain.lid import Address
from app.domain.order import Order, OrderOutline
from app.domain.session import SessionData
from app.domain.template import MessageTemplate
from app.ports.aging import AgingRows
from app.ports.audit import AuditRows
from app.ports.chat_timers import ChatTimerRows
from app.ports.consents import ConsentRows
from app.ports.histories import HistoryRows
from app.ports.identities import IdentityRows
from app.ports.opt_out import OptOutRows
from app.ports.queue import NotificationRows
from app.ports.replies import ReplyRows
from app.ports.retention import RetentionRows
from app.ports.sealing import SealingRows
from app.ports.timestamps import TimestampRows

T = TypeVar("T")

FOUND_DAMAGED: Final = "database_found_damaged"
"""Setting that is not empty once a check has found damage: the next start checks before it opens the shop."""


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """Page of order outlines, newest first; `next_page` is the cursor of the next one, which only the store reads."""

    outlines: Sequence[OrderOutline]
    next_page: object | None = None


class OrderRows(Protocol):
    def get(self, order_id: OrderId) -> Order | None: ...

    def save(self, order: Order, customer: Address | None = None) -> None:
        """Insert or replace; the content of an erased order stays empty (X6).

        `customer` is the address in it, if there is one; `newest_of` finds the order by it.
        """
        ...

    def latest(self, limit: int) -> Sequence[Order]:
        """Return the latest orders, newest first."""
        ...

    def newest_of(self, customer: Address) -> OrderId | None:
        """Return the customer's newest order, under any alias."""
        ...

    def of_unknown_customers(self, limit: int) -> Sequence[Order]:
        """Return those of the latest orders that were saved before customers were indexed, newest first."""
        ...

    def numbered(self, number: int, since: datetime, until: datetime) -> Order | None:
        """Return the newest order of this number made between the two moments and not deleted."""
        ...

    def outlines(self, since: datetime | None, limit: int, page: object | None = None) -> OutlinePage:
        """Return up to `limit` of the orders made since then: the newest, or those on the given page."""
        ...

    def page(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        """Return the known ones of these orders, in any order."""
        ...


class TemplateRows(Protocol):
    def all(self) -> Sequence[MessageTemplate]: ...

    def save(self, template: MessageTemplate) -> None: ...


class SessionRows(Protocol):
    """Sealed values can be opened only in the row where they were saved."""

    def get(self, session_id: SessionId) -> SessionData | None:
        """Return the stored session; raises WrongKeyError if its credentials cannot be opened."""
        ...

    def save(self, session: SessionData) -> None: ...

    def wipe(self, session_id: SessionId) -> None:
        """Delete the credentials, every key and every kept history notice of the session."""
        ...

    def wipe_all(self) -> None:
        """Wipe every session, also of a number that is not in the shop's settings any more."""
        ...

    def keys(self, session_id: SessionId, key_type: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Return those of `ids` that are stored and can be opened."""
        ...

    def save_keys(self, session_id: SessionId, changes: Mapping[str, Mapping[str, str | None]]) -> None:
        """Save keys by type and id; None deletes."""
        ...

    def forget_ratchets(self, limit: int) -> int:
        """Delete up to `limit` ratchets of all sessions; return how many were deleted."""
        ...


class NumberRows(Protocol):
    """Answers about numbers, and the accounts that are known by their LID alone."""

    def get(self, address: Address) -> KnownNumber | None: ...

    def save(self, known: KnownNumber) -> None:
        """Insert or replace the answer; the mark of a suspect stays."""
        ...

    def suspect(self, address: Address, session_id: SessionId) -> None:
        """Mark the session's ratchet with this known address as perhaps outdated after an unclean stop.

        It may be behind the messages that left. Marks of other sessions stay.
        """
        ...

    def suspects(self, session_id: SessionId) -> Sequence[KnownNumber]: ...

    def clear_suspects(self, addresses: Sequence[Address], session_id: SessionId) -> None: ...


class ContactRows(Protocol):
    """One contact for each identity, found under every alias."""

    def get(self, customer: Address) -> Contact | None: ...

    def get_all(self, customers: Sequence[Address]) -> Mapping[Address, Contact]:
        """Return the contacts of these customers; those without one are left out."""
        ...

    def save(self, customer: Address, contact: Contact) -> None:
        """Insert or replace."""
        ...

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        """Return the moments of the session's first contacts since then, oldest first.

        First contacts are first messages to customers who had not written before.
        """
        ...

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        """Return the moment of the session's first message."""
        ...


class SettingRows(Protocol):
    def get(self, name: str) -> str | None: ...

    def has(self, name: str) -> bool:
        """Return whether the setting is stored, readable or not."""
        ...

    def set(self, name: str, value: str) -> None: ...


class Rows(Protocol):
    """All rows visible to one transaction."""

    @property
    def notifications(self) -> NotificationRows: ...
    @property
    def aging(self) -> AgingRows: ...
    @property
    def orders(self) -> OrderRows: ...
    @property
    def templates(self) -> TemplateRows: ...
    @property
    def sessions(self) -> SessionRows: ...
    @property
    def histories(self) -> HistoryRows: ...
    @property
    def numbers(self) -> NumberRows: ...
    @property
    def contacts(self) -> ContactRows: ...
    @property
    def chat_timers(self) -> ChatTimerRows: ...
    @property
    def identities(self) -> IdentityRows: ...
    @property
    def settings(self) -> SettingRows: ...
    @property
    def opt_outs(self) -> OptOutRows: ...
    @property
    def replies(self) -> ReplyRows: ...
    @property
    def consents(self) -> ConsentRows: ...
    @property
    def retention(self) -> RetentionRows: ...
    @property
    def sealing(self) -> SealingRows: ...
    @property
    def audit(self) -> AuditRows: ...
    @property
    def timestamps(self) -> TimestampRows: ...


class Store(Protocol):
    async def transact(self, work: Callable[[Rows], T]) -> T:
        """Run `work` atomically, in one immediate transaction on the database thread; on disk on return (Q1)."""
        ...

    async def read(self, work: Callable[[Rows], T]) -> T:
        """Run `work` on the read-only connection of the queue and the messenger; it blocks no writer."""
        ...

    async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
        """Run `work` on another read-only connection, where a screen's slow query delays no message."""
        ...

    def on_unreadable(self, listener: Callable[[str], None]) -> None:
        """Call back on the loop, once per unreadable cell, with its table's name (Z1).

        Rows with such a cell are skipped, or read with a stand-in that lets no content out.
        """
        ...

    async def check(self) -> None:
        """Raise DatabaseUnreadableError if a part of the file is damaged; may take long, without blocking others."""
        ...

    async def shed_log(self) -> None:
        """Clear deleted content from the write-ahead log, unless a reader is active just now (X6)."""
        ...

    async def close(self) -> None: ...
