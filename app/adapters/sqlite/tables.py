"""The tables as the code sees them; the migrations say how they came about."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    text,
)

from app.adapters.sqlite.encrypted_column import EncryptedText
from app.adapters.sqlite.exact_columns import Amount, Moment
from app.ports.vault import Vault

PENDING = "state = 'pending'"
NOT_EMPTIED = "emptied_at IS NULL"
IN_FORCE = "undone_at IS NULL"
UNREAD = "read_at IS NULL"
TOLD_ABOUT_ORDER = "order_id IS NOT NULL"
UNFINISHED = "state IN ('in_doubt', 'pending', 'sending')"


class Tables:
    """One set per open vault, because the vault is part of the type of a sealed column."""

    def __init__(self, vault: Vault) -> None:
        self.metadata = MetaData()
        self.vault = vault
        self.notifications = self._notifications()
        self.sessions = self._sessions()
        self.session_keys = self._session_keys()
        self.templates = self._templates()
        self.orders = self._orders()
        self.numbers = self._numbers()
        self.contacts = self._contacts()
        self.opt_outs = self._opt_outs()
        self.heard_words = self._heard_words()
        self.inbound = self._inbound()
        self.consents = self._consents()

    def _sealed(self, table: str, column: str, *, nullable: bool = False) -> "Column[str]":
        return Column(column, EncryptedText(f"{table}.{column}", self.vault), nullable=nullable)

    def _notifications(self) -> Table:
        name = "whatsapp_notifications"
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("id", Uuid, nullable=False, unique=True),
            Column("order_id", String),
            self._sealed(name, "customer_phone"),
            Column("notification_type", String, nullable=False),
            self._sealed(name, "message_content"),
            Column("status", String, nullable=False),
            Column("attempts", Integer, nullable=False),
            Column("scheduled_at", Moment, nullable=False),
            Column("sent_at", Moment),
            Column("error_message", String, Computed("reason", persisted=False)),
            Column("created_at", Moment, nullable=False),
            Column("state", String, nullable=False),
            Column("reason", String),
            Column("occurrence", Integer, nullable=False),
            Column("session_id", String, nullable=False),
            Column("phone_index", LargeBinary, nullable=False),
            Column("wa_message_id", String, nullable=False, unique=True),
            Column("priority", Integer, nullable=False),
            Column("repeats", Integer, nullable=False),
            Column("lease_owner", String),
            Column("lease_until", Moment),
            *(Column(moment, Moment) for moment in ("sending_at", "delivered_at", "read_at", "doubted_at")),
            *(Column(moment, Moment) for moment in ("changed_at", "stage_at", "emptied_at")),
            UniqueConstraint("order_id", "notification_type", "occurrence"),
            Index("ix_due", text("priority DESC"), "scheduled_at", "seq", sqlite_where=text(PENDING)),
            Index("ix_unfinished_of_customer", "phone_index", "seq", sqlite_where=text(UNFINISHED)),
            Index("ix_told_customer", "phone_index", "seq", sqlite_where=text(TOLD_ABOUT_ORDER)),
            Index("ix_state", "state", "session_id"),
            Index("ix_sent_at", "sent_at"),
            Index("ix_content_kept", "changed_at", sqlite_where=text(NOT_EMPTIED)),
            Index("ix_changed_at", "changed_at"),
            sqlite_autoincrement=True,
        )

    def _sessions(self) -> Table:
        """What is sealed here is bound to its session, which a column's type does not know."""
        return Table(
            "whatsapp_sessions",
            self.metadata,
            Column("session_id", String, primary_key=True),
            Column("session_data", LargeBinary, nullable=False),
            Column("phone_number", LargeBinary),
            Column("is_active", Boolean, nullable=False),
            Column("paired", Boolean, nullable=False),
            Column("created_at", Moment, nullable=False),
            Column("updated_at", Moment, nullable=False),
        )

    def _session_keys(self) -> Table:
        """The ids contain telephone numbers, so `key_id` is their blind index."""
        return Table(
            "whatsapp_session_keys",
            self.metadata,
            Column("session_id", String, primary_key=True),
            Column("type", String, primary_key=True),
            Column("key_id", LargeBinary, primary_key=True),
            Column("value", LargeBinary, nullable=False),
            sqlite_with_rowid=False,
        )

    def _templates(self) -> Table:
        return Table(
            "notification_templates",
            self.metadata,
            Column("id", String, primary_key=True),
            Column("template_type", String, nullable=False),
            Column("content", String, nullable=False),
            Column("variables", JSON, nullable=False),
            Column("is_active", Boolean, nullable=False),
            Column("created_at", Moment, nullable=False),
            Column("updated_at", Moment, nullable=False),
        )

    def _orders(self) -> Table:
        return Table(
            "orders",
            self.metadata,
            Column("id", String, primary_key=True),
            Column("order_number", BigInteger, nullable=False),
            self._sealed("orders", "customer_name"),
            self._sealed("orders", "customer_phone"),
            Column("status", String, nullable=False),
            Column("payment_status", String),
            Column("total_amount", Amount, nullable=False),
            self._sealed("orders", "order_notes"),
            self._sealed("orders", "items"),
            Column("table_number", String),
            Column("created_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("emptied_at", Moment),
            Column("deleted", Boolean, nullable=False, server_default=text("0")),
            Column("stage_at", Moment),
            self._sealed("orders", "chosen_phone", nullable=True),
            Index("ix_orders_created_at", "created_at"),
            Index("ix_orders_kept", "created_at", sqlite_where=text(NOT_EMPTIED)),
        )

    def _numbers(self) -> Table:
        name = "whatsapp_numbers"
        return Table(
            name,
            self.metadata,
            Column("phone_index", LargeBinary, primary_key=True),
            self._sealed(name, "phone"),
            self._sealed(name, "account", nullable=True),
            Column("checked_at", Moment, nullable=False),
            Column("suspect_of", String),
            Column("lid_index", LargeBinary),
            Index("ix_lid", "lid_index"),
        )

    def _opt_outs(self) -> Table:
        """One row per decision; the number is nowhere in it."""
        name = "whatsapp_opt_outs"
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("phone_index", LargeBinary, nullable=False),
            Column("opted_out_at", Moment, nullable=False),
            Column("source", String, nullable=False),
            self._sealed(name, "reason", nullable=True),
            Column("message_id", String),
            Column("confirmation_id", Uuid),
            Column("undone_at", Moment),
            Column("undone_by", String),
            self._sealed(name, "undo_reason", nullable=True),
            Index("ix_in_force", "phone_index", unique=True, sqlite_where=text(IN_FORCE)),
            Index("ix_opt_outs_of_customer", "phone_index", "seq"),
        )

    def _heard_words(self) -> Table:
        """WhatsApp tells a message again until it is sure that we have it."""
        return Table(
            "whatsapp_heard_words",
            self.metadata,
            Column("phone_index", LargeBinary, primary_key=True),
            Column("message_id", String, primary_key=True),
            Column("heard_at", Moment, nullable=False),
            sqlite_with_rowid=False,
        )

    def _inbound(self) -> Table:
        name = "whatsapp_inbound"
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("message_id", String, nullable=False),
            Column("session_id", String, nullable=False),
            Column("phone_index", LargeBinary, nullable=False),
            self._sealed(name, "customer_phone"),
            Column("kind", String, nullable=False),
            self._sealed(name, "content", nullable=True),
            Column("received_at", Moment, nullable=False),
            Column("live", Boolean, nullable=False),
            Column("order_id", String),
            Column("read_at", Moment),
            Column("emptied_at", Moment),
            Index("ix_inbound_of_customer", "phone_index", "message_id"),
            Index("ix_inbound_of_order", "order_id"),
            Index("ix_inbound_received_at", "received_at"),
        )

    def _consents(self) -> Table:
        name = "whatsapp_consents"
        kept = text(NOT_EMPTIED)
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("message_id", String, nullable=False),
            Column("session_id", String, nullable=False),
            Column("phone_index", LargeBinary, nullable=False),
            self._sealed(name, "customer_phone"),
            Column("way", String, nullable=False),
            self._sealed(name, "wording"),
            Column("given_at", Moment, nullable=False),
            Column("order_id", String, nullable=False),
            Column("emptied_at", Moment),
            Index("ix_consents_of_customer", "phone_index", "message_id", unique=True, sqlite_where=kept),
            Index("ix_consents_of_order", "order_id"),
            Index("ix_consents_given_at", "given_at"),
        )

    def _contacts(self) -> Table:
        return Table(
            "whatsapp_contacts",
            self.metadata,
            Column("phone_index", LargeBinary, primary_key=True),
            Column("session_id", String, nullable=False),
            Column("wrote_at", Moment),
            Column("told_at", Moment),
            Index("ix_contacts_told", "session_id", "told_at"),
        )


plain = MetaData()
"""Tables that are read before a vault is open."""

settings = Table(
    "settings",
    plain,
    Column("name", String, primary_key=True),
    Column("value", String, nullable=False),
)
vault_keys = Table(
    "vault_keys",
    plain,
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("purpose", String, primary_key=True),
    Column("wrapped_for", String, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
database = Table(
    "database",
    plain,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True),
    Column("kind", String, CheckConstraint("kind IN ('real', 'training')"), nullable=False),
    Column("created_at", Moment, nullable=False),
)
