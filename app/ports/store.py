"""The local database: units of work over rows that speak in domain values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, TypeVar

from app.domain.account import KnownNumber
from app.domain.contact import Contact
from app.domain.identifiers import OrderId, SessionId
from app.domain.order import Order, OrderOutline
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.domain.template import MessageTemplate
from app.ports.aging import AgingRows
from app.ports.consents import ConsentRows
from app.ports.opt_out import OptOutRows
from app.ports.queue import NotificationRows
from app.ports.replies import ReplyRows
from app.ports.retention import RetentionRows
from app.ports.sealing import SealingRows
from app.ports.timestamps import TimestampRows

T = TypeVar("T")

FOUND_DAMAGED: Final = "database_found_damaged"
"""The setting that is not empty once a check has found damage: the next start looks before it opens the shop."""


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """Some outlines of orders, newest first; `next_page` asks for those behind them, and only the store reads it."""

    outlines: Sequence[OrderOutline]
    next_page: object | None = None


class OrderRows(Protocol):
    def get(self, order_id: OrderId) -> Order | None: ...

    def save(self, order: Order, customer: Phone | None = None) -> None:
        """Insert or replace; the content of an emptied order stays empty (X6).

        `customer` is the number that stands in it, where one does; by it `newest_of` finds the order.
        """
        ...

    def latest(self, limit: int) -> Sequence[Order]:
        """Newest first."""
        ...

    def newest_of(self, customer: Phone) -> OrderId | None:
        """The customer's newest order, under whichever spelling of the number."""
        ...

    def of_unknown_customers(self, limit: int) -> Sequence[Order]:
        """Those of the latest orders that were saved before customers were noted, newest first."""
        ...

    def numbered(self, number: int, since: datetime, until: datetime) -> Order | None:
        """The newest of this number among those made between the two and not deleted."""
        ...

    def outlines(self, since: datetime | None, limit: int, page: object | None = None) -> OutlinePage:
        """Return up to `limit` of the orders made since then: the newest, or those on the page that was named."""
        ...

    def page(self, order_ids: Sequence[OrderId]) -> Sequence[Order]:
        """Those of them that are known, in any order."""
        ...


class TemplateRows(Protocol):
    def all(self) -> Sequence[MessageTemplate]: ...

    def save(self, template: MessageTemplate) -> None: ...


class SessionRows(Protocol):
    """What is sealed opens in the row where it was saved and nowhere else."""

    def get(self, session_id: SessionId) -> SessionData | None:
        """Raises WrongKeyError where the credentials are there and do not open."""
        ...

    def save(self, session: SessionData) -> None: ...

    def wipe(self, session_id: SessionId) -> None:
        """Forget the credentials and every key of the session."""
        ...

    def keys(self, session_id: SessionId, key_type: str, ids: Sequence[str]) -> Mapping[str, str]:
        """Those of `ids` that are kept and open."""
        ...

    def save_keys(self, session_id: SessionId, changes: Mapping[str, Mapping[str, str | None]]) -> None:
        """By type and id; None deletes."""
        ...

    def forget_ratchets(self, limit: int) -> int:
        """Delete up to `limit` ratchets, of whichever session; how many were deleted."""
        ...


class NumberRows(Protocol):
    def get(self, phone: Phone) -> KnownNumber | None: ...

    def by_lid(self, lid: str) -> Sequence[KnownNumber]:
        """The numbers known to belong to this account, the one checked last first."""
        ...

    def save(self, known: KnownNumber) -> None:
        """Insert or replace the answer; whether the number is suspect stays as it was."""
        ...

    def suspect(self, phone: Phone, session_id: SessionId) -> None:
        """Remember that the session's ratchet with this known number may be behind what left (an unclean stop).

        What is remembered of other sessions stays.
        """
        ...

    def suspects(self, session_id: SessionId) -> Sequence[KnownNumber]: ...

    def clear_suspects(self, phones: Sequence[Phone], session_id: SessionId) -> None: ...


class ContactRows(Protocol):
    def get(self, phone: Phone) -> Contact | None: ...

    def save(self, phone: Phone, contact: Contact) -> None:
        """Insert or replace."""
        ...

    def strangers_told_since(self, session_id: SessionId, moment: datetime) -> Sequence[datetime]:
        """When the session told somebody for the first time who had not written before; oldest first."""
        ...

    def first_told_at(self, session_id: SessionId) -> datetime | None:
        """When the session told anybody for the first time."""
        ...


class SettingRows(Protocol):
    def get(self, name: str) -> str | None: ...

    def set(self, name: str, value: str) -> None: ...


class Rows(Protocol):
    """Everything one transaction can see."""

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
    def numbers(self) -> NumberRows: ...
    @property
    def contacts(self) -> ContactRows: ...
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
    def timestamps(self) -> TimestampRows: ...


class Store(Protocol):
    async def transact(self, work: Callable[[Rows], T]) -> T:
        """Run `work` in one immediate transaction on the database thread; on disk when this returns (Q1)."""
        ...

    async def read(self, work: Callable[[Rows], T]) -> T:
        """Run `work` on the read-only connection of the queue and the messenger; it stands in no writer's way."""
        ...

    async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
        """Run `work` on another read-only connection: what a person looks at may take long, and delays no message."""
        ...

    def on_unreadable(self, listener: Callable[[str], None]) -> None:
        """Call back on the loop, once for each cell that is found not to read, with the name of its table (Z1).

        Rows with such a cell are passed over, or read with a stand-in that lets nothing out.
        """
        ...

    async def check(self) -> None:
        """Raise DatabaseUnreadableError where a part of the file is damaged; may take long, in nobody's way."""
        ...

    async def shed_log(self) -> None:
        """Leave nothing of what was deleted in the write-ahead log, unless somebody is reading just now (X6)."""
        ...

    async def close(self) -> None: ...
