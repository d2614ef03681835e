"""The first tables: queue, sessions, templates, orders, numbers, contacts, opt-outs, settings, keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _notifications()
    _sessions()
    _templates()
    _orders()
    _numbers()
    _contacts()
    _opt_outs()
    _database()


def _notifications() -> None:
    op.create_table(
        "whatsapp_notifications",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("order_id", sa.String),
        sa.Column("customer_phone", sa.LargeBinary, nullable=False),
        sa.Column("notification_type", sa.String, nullable=False),
        sa.Column("message_content", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("scheduled_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("error_message", sa.String, sa.Computed("reason", persisted=False)),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("phone_index", sa.LargeBinary, nullable=False),
        sa.Column("wa_message_id", sa.String, nullable=False, unique=True),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("lease_owner", sa.String),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("sending_at", sa.BigInteger),
        sa.Column("delivered_at", sa.BigInteger),
        sa.Column("read_at", sa.BigInteger),
        sa.Column("doubted_at", sa.BigInteger),
        sa.Column("changed_at", sa.BigInteger),
        sa.Column("stage_at", sa.BigInteger),
        sa.Column("emptied_at", sa.BigInteger),
        sa.UniqueConstraint("order_id", "notification_type", "occurrence"),
        sqlite_autoincrement=True,
    )
    _indexes_of_notifications("whatsapp_notifications")


def _indexes_of_notifications(table: str) -> None:
    pending, unfinished = sa.text("state = 'pending'"), sa.text("state IN ('in_doubt', 'pending', 'sending')")
    op.create_index("ix_due", table, [sa.text("priority DESC"), "scheduled_at", "seq"], sqlite_where=pending)
    op.create_index("ix_unfinished_of_customer", table, ["phone_index", "seq"], sqlite_where=unfinished)
    op.create_index("ix_state", table, ["state", "session_id"])
    op.create_index("ix_sent_at", table, ["sent_at"])
    op.create_index("ix_content_kept", table, ["changed_at"], sqlite_where=sa.text("emptied_at IS NULL"))
    op.create_index("ix_changed_at", table, ["changed_at"])


def _sessions() -> None:
    op.create_table(
        "whatsapp_sessions",
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("session_data", sa.LargeBinary, nullable=False),
        sa.Column("phone_number", sa.LargeBinary),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("paired", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "whatsapp_session_keys",
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("type", sa.String, primary_key=True),
        sa.Column("key_id", sa.LargeBinary, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def _templates() -> None:
    op.create_table(
        "notification_templates",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("template_type", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("variables", sa.JSON, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("order_number", sa.BigInteger, nullable=False),
        sa.Column("customer_name", sa.LargeBinary, nullable=False),
        sa.Column("customer_phone", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("payment_status", sa.String),
        sa.Column("total_amount", sa.String, nullable=False),
        sa.Column("order_notes", sa.LargeBinary, nullable=False),
        sa.Column("items", sa.LargeBinary, nullable=False),
        sa.Column("table_number", sa.String),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("emptied_at", sa.BigInteger),
    )
    op.create_index("ix_orders_created_at", "orders", ["created_at"])
    op.create_index("ix_orders_kept", "orders", ["created_at"], sqlite_where=sa.text("emptied_at IS NULL"))


def _numbers() -> None:
    op.create_table(
        "whatsapp_numbers",
        sa.Column("phone_index", sa.LargeBinary, primary_key=True),
        sa.Column("phone", sa.LargeBinary, nullable=False),
        sa.Column("account", sa.LargeBinary),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("suspect_of", sa.String),
        sa.Column("lid_index", sa.LargeBinary),
    )
    op.create_index("ix_lid", "whatsapp_numbers", ["lid_index"])


def _opt_outs() -> None:
    table = "whatsapp_opt_outs"
    op.create_table(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("phone_index", sa.LargeBinary, nullable=False),
        sa.Column("opted_out_at", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("message_id", sa.String),
        sa.Column("confirmation_id", sa.Uuid),
        sa.Column("undone_at", sa.BigInteger),
        sa.Column("undone_by", sa.String),
        sa.Column("undo_reason", sa.LargeBinary),
    )
    in_force = sa.text("undone_at IS NULL")
    op.create_index("ix_in_force", table, ["phone_index"], unique=True, sqlite_where=in_force)
    op.create_index("ix_opt_outs_of_customer", table, ["phone_index", "seq"])
    op.create_table(
        "whatsapp_heard_words",
        sa.Column("phone_index", sa.LargeBinary, primary_key=True),
        sa.Column("message_id", sa.String, primary_key=True),
        sa.Column("heard_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _contacts() -> None:
    op.create_table(
        "whatsapp_contacts",
        sa.Column("phone_index", sa.LargeBinary, primary_key=True),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("wrote_at", sa.BigInteger),
        sa.Column("told_at", sa.BigInteger),
    )
    op.create_index("ix_contacts_told", "whatsapp_contacts", ["session_id", "told_at"])


def _database() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table(
        "vault_keys",
        sa.Column("key_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.String, primary_key=True),
        sa.Column("wrapped_for", sa.String, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "database",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True),
        sa.Column("kind", sa.String, sa.CheckConstraint("kind IN ('real', 'training')"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
    )
