"""What the store in memory keeps: a dictionary for each table."""

from collections.abc import Hashable
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from app.domain.account import KnownNumber
from app.domain.audit import AuditEntry
from app.domain.consent import Consent
from app.domain.contact import Contact
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import IdentityId, MessageId, NotificationId, OrderId, SessionId
from app.domain.lid import Address, Lid
from app.domain.notification import Notification
from app.domain.opt_out import OptOut
from app.domain.order import Order
from app.domain.session import SessionData
from app.domain.template import MessageTemplate
from app.ports.histories import HistoryNotice
from tests.simulators.memory_identities import MemoryAlias

T = TypeVar("T")
SessionKey = tuple[SessionId, str, str]

_NEVER_CHANGE = ("id", "order_id", "type", "occurrence", "phone", "text", "message_id", "created_at", "seq")


@dataclass
class Tables:
    """All values are immutable, so a copy of the dictionaries is a snapshot."""

    notifications: dict[NotificationId, Notification] = field(default_factory=dict)
    orders: dict[OrderId, Order] = field(default_factory=dict)
    order_customers: dict[OrderId, Address] = field(default_factory=dict)
    templates: dict[str, MessageTemplate] = field(default_factory=dict)
    sessions: dict[SessionId, SessionData] = field(default_factory=dict)
    session_keys: dict[SessionKey, str] = field(default_factory=dict)
    histories: dict[UUID, tuple[SessionId, HistoryNotice]] = field(default_factory=dict)
    numbers: dict[Address, KnownNumber] = field(default_factory=dict)
    suspects: dict[Address, frozenset[SessionId]] = field(default_factory=dict)
    aliases: dict[Address, MemoryAlias] = field(default_factory=dict)
    usernames: dict[str, MemoryAlias] = field(default_factory=dict)
    contacts: dict[IdentityId, Contact] = field(default_factory=dict)
    chat_timers: dict[tuple[IdentityId, SessionId], tuple[datetime, int]] = field(default_factory=dict)
    audit_log: dict[int, AuditEntry] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    opt_outs: dict[int, tuple[Address, OptOut]] = field(default_factory=dict)
    replies: dict[int, CustomerReply] = field(default_factory=dict)
    reply_lids: dict[int, Lid] = field(default_factory=dict)
    consents: dict[tuple[Address, MessageId], Consent] = field(default_factory=dict)
    heard_words: dict[tuple[Address, MessageId], datetime] = field(default_factory=dict)
    retained_from: dict[tuple[str, Hashable], datetime] = field(default_factory=dict)
    """By name of the table and key of the row."""

    def snapshot(self) -> "Tables":
        return Tables(**{table.name: copy(getattr(self, table.name)) for table in fields(self)})
