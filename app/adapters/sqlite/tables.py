"""Table definitions as the code sees them; the migrations hold their history."""

from sqlalchemy import (
    JSON,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    text,
)

from app.adapters.sqlite.checked_columns import Blob, Choice, Count, Flag, LongCount, RowId, Sealed, Word
from app.adapters.sqlite.conditions import (
    ABOUT_ANOTHER,
    IN_FORCE,
    NOT_EMPTIED,
    OF_ACCOUNT,
    SUSPECTED,
)
from app.adapters.sqlite.exact_columns import Amount, Moment
from app.adapters.sqlite.queue_tables import counts_table, notifications_table, retained
from app.adapters.sqlite.triggers import declare_triggers
from app.domain.audit import Actor, AuditResult
from app.domain.consent import ConsentWay
from app.domain.identity import AliasKind
from app.domain.opt_out import OptOutSource
from app.domain.order import NotificationType


class Tables:
    """Tables of the store; `info["row_id"]` names the columns of the id to which sealed cells are bound."""

    def __init__(self) -> None:
        self.metadata = MetaData()
        self.notifications = notifications_table(self.metadata)
        self.sessions = self._sessions()
        self.session_keys = self._session_keys()
        self.templates = self._templates()
        self.orders = self._orders()
        self.numbers = self._numbers()
        self.aliases = self._aliases()
        self.contacts = self._contacts()
        self.chat_timers = self._chat_timers()
        self.opt_outs = self._opt_outs()
        self.heard_words = self._heard_words()
        self.inbound = self._inbound()
        self.consents = self._consents()
        self.histories = self._histories()
        self.counts = counts_table(self.metadata)
        self.audit_log = self._audit_log()
        declare_triggers(self.metadata)

    def _sessions(self) -> Table:
        return Table(
            "whatsapp_sessions",
            self.metadata,
            Column("session_id", Word, primary_key=True),
            Column("session_data", Sealed, nullable=False),
            Column("phone_number", Sealed),
            Column("is_active", Flag, nullable=False),
            Column("paired", Flag, nullable=False),
            Column("created_at", Moment, nullable=False),
            Column("updated_at", Moment, nullable=False),
            info={"row_id": ("session_id",)},
        )

    def _session_keys(self) -> Table:
        """Table of Signal keys; `key_id` is a blind index, because the ids contain telephone numbers."""
        return Table(
            "whatsapp_session_keys",
            self.metadata,
            Column("session_id", Word, primary_key=True),
            Column("type", Word, primary_key=True),
            Column("key_id", Blob, primary_key=True),
            Column("value", Sealed, nullable=False),
            sqlite_with_rowid=False,
            info={"row_id": ("session_id", "type", "key_id")},
        )

    def _templates(self) -> Table:
        return Table(
            "notification_templates",
            self.metadata,
            Column("id", Word, primary_key=True),
            Column("template_type", Choice(NotificationType), nullable=False),
            Column("content", Word, nullable=False),
            Column("variables", JSON, nullable=False),
            Column("is_active", Flag, nullable=False),
            Column("created_at", Moment, nullable=False),
            Column("updated_at", Moment, nullable=False),
        )

    def _orders(self) -> Table:
        return Table(
            "orders",
            self.metadata,
            Column("id", Word, primary_key=True),
            Column("order_number", LongCount, nullable=False),
            Column("customer_name", Sealed, nullable=False),
            Column("customer_phone", Sealed, nullable=False),
            Column("status", Word, nullable=False),
            Column("payment_status", Word),
            Column("total_amount", Amount, nullable=False),
            Column("order_notes", Sealed, nullable=False),
            Column("items", Sealed, nullable=False),
            Column("table_number", Word),
            Column("created_at", Moment, nullable=False),
            Column("changed_at", Moment, nullable=False),
            Column("emptied_at", Moment),
            Column("deleted", Flag, nullable=False, server_default=text("0")),
            Column("stage_at", Moment),
            Column("chosen_phone", Sealed),
            Index("ix_orders_created_at", "created_at"),
            Index("ix_orders_kept", "created_at", sqlite_where=text(NOT_EMPTIED)),
            *retained("orders"),
            # NULL in orders that were saved before this column existed.
            Column("customer_index", Blob),
            Index("ix_orders_of_customer", "customer_index", "created_at"),
            info={"row_id": ("id",)},
        )

    def _numbers(self) -> Table:
        name = "whatsapp_numbers"
        return Table(
            name,
            self.metadata,
            Column("phone_index", Blob, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("phone", Sealed, nullable=False),
            Column("account", Sealed),
            Column("checked_at", Moment, nullable=False),
            Column("suspect_of", Word),
            Index("ix_suspects", "suspect_of", sqlite_where=text(SUSPECTED)),
            *retained("numbers"),
            info={"row_id": ("id",)},
        )

    def _aliases(self) -> Table:
        """Table of identities: one row per alias; `seen_at` is NULL in a spelling that was never seen itself."""
        name = "whatsapp_aliases"
        return Table(
            name,
            self.metadata,
            Column("alias_index", Blob, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("identity_id", RowId, nullable=False),
            Column("kind", Choice(AliasKind), nullable=False),
            Column("value", Sealed),
            Column("seen_at", Moment),
            Index("ix_aliases_of_identity", "identity_id", "kind"),
            *retained("aliases"),
            info={"row_id": ("id",)},
        )

    def _opt_outs(self) -> Table:
        """Table of opt-outs, one row per decision, without the number itself."""
        name = "whatsapp_opt_outs"
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("phone_index", Blob, nullable=False),
            Column("opted_out_at", Moment, nullable=False),
            Column("source", Choice(OptOutSource), nullable=False),
            Column("reason", Sealed),
            Column("message_id", Word),
            Column("confirmation_id", RowId),
            Column("undone_at", Moment),
            Column("undone_by", Choice(OptOutSource)),
            Column("undo_reason", Sealed),
            Index("ix_in_force", "phone_index", unique=True, sqlite_where=text(IN_FORCE)),
            Index("ix_opt_outs_of_customer", "phone_index", "seq"),
            info={"row_id": ("id",)},
        )

    def _heard_words(self) -> Table:
        """Table of processed opt-out words, which makes their handling idempotent.

        WhatsApp delivers a message again until it is sure that we have it.
        """
        return Table(
            "whatsapp_heard_words",
            self.metadata,
            Column("phone_index", Blob, primary_key=True),
            Column("message_id", Word, primary_key=True),
            Column("heard_at", Moment, nullable=False),
            *retained("heard_words"),
            sqlite_with_rowid=False,
        )

    def _inbound(self) -> Table:
        name = "whatsapp_inbound"
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("message_id", Word, nullable=False),
            Column("session_id", Word, nullable=False),
            Column("phone_index", Blob, nullable=False),
            Column("customer_phone", Sealed, nullable=False),
            Column("kind", Word, nullable=False),
            Column("content", Sealed),
            Column("received_at", Moment, nullable=False),
            Column("live", Flag, nullable=False),
            Column("order_id", Word),
            Column("read_at", Moment),
            Column("emptied_at", Moment),
            *retained("inbound"),
            Column("lid_index", Blob),
            Column("about", Word),
            Column("changed_at", Moment),
            Index("ix_inbound_of_customer", "phone_index", "message_id"),
            Index("ix_inbound_of_account", "lid_index", "message_id", sqlite_where=text(OF_ACCOUNT)),
            Index("ix_inbound_about", "about", sqlite_where=text(ABOUT_ANOTHER)),
            Index("ix_inbound_of_order", "order_id"),
            Index("ix_inbound_received_at", "received_at"),
            info={"row_id": ("id",)},
        )

    def _consents(self) -> Table:
        name = "whatsapp_consents"
        kept = text(NOT_EMPTIED)
        return Table(
            name,
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("message_id", Word, nullable=False),
            Column("session_id", Word, nullable=False),
            Column("phone_index", Blob, nullable=False),
            Column("customer_phone", Sealed, nullable=False),
            Column("way", Choice(ConsentWay), nullable=False),
            Column("wording", Sealed, nullable=False),
            Column("given_at", Moment, nullable=False),
            Column("order_id", Word, nullable=False),
            Column("emptied_at", Moment),
            Index("ix_consents_of_customer", "phone_index", "message_id", unique=True, sqlite_where=kept),
            Index("ix_consents_of_order", "order_id"),
            Index("ix_consents_given_at", "given_at"),
            *retained("consents"),
            info={"row_id": ("id",)},
        )

    def _histories(self) -> Table:
        """Table of history notices; a row lives from the notice until its history is read."""
        return Table(
            "whatsapp_histories",
            self.metadata,
            Column("seq", Integer, primary_key=True),
            Column("id", RowId, nullable=False),
            Column("session_id", Word, nullable=False),
            Column("notice", Sealed, nullable=False),
            Column("tries", Count, nullable=False),
            Index("ix_histories_of_session", "session_id", "seq"),
            Index("ix_history", "id", unique=True),
            info={"row_id": ("id",)},
        )

    def _audit_log(self) -> Table:
        """Table of protected acts, chained by `mac`; it holds no personal data and is never emptied."""
        return Table(
            "audit_log",
            self.metadata,
            Column("number", Integer, primary_key=True),
            Column("at", Moment, nullable=False),
            Column("act", Word, nullable=False),
            Column("actor", Choice(Actor), nullable=False),
            Column("result", Choice(AuditResult), nullable=False),
            Column("mac", Blob, nullable=False),
        )

    def _contacts(self) -> Table:
        return Table(
            "whatsapp_contacts",
            self.metadata,
            Column("customer_id", RowId, primary_key=True),
            Column("session_id", Word, nullable=False),
            Column("wrote_at", Moment),
            Column("told_at", Moment),
            Index("ix_contacts_told", "session_id", "told_at"),
        )

    def _chat_timers(self) -> Table:
        """Table of disappearing-messages timers; `seen_at` is a moment of WhatsApp's clock."""
        return Table(
            "whatsapp_chat_timers",
            self.metadata,
            Column("customer_id", RowId, primary_key=True),
            Column("session_id", Word, primary_key=True),
            Column("seconds", Count, nullable=False),
            Column("seen_at", Moment, nullable=False),
            sqlite_with_rowid=False,
        )
