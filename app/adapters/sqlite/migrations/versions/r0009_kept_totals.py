"""Totals that the database keeps, which messages go to strangers, and indexes of the few rows that still wait."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_PENDING: Final = "state = 'pending'"
_UNFINISHED: Final = "state IN ('in_doubt', 'pending', 'sending')"
_UNTOLD: Final = (
    "(state IN ('failed', 'in_doubt')"
    " OR state = 'suppressed' AND reason IN ('invalid_phone', 'not_on_whatsapp', 'stale'))"
)
_KNOWN_STATES: Final = (
    "'cancelled', 'delivered', 'failed', 'handed_over', 'in_doubt', 'pending', 'read', 'sending',"
    " 'sent', 'suppressed'"
)
_TRIGGERS: Final = (
    (
        "CREATE TRIGGER count_added AFTER INSERT ON whatsapp_notifications BEGIN INSERT OR IGNORE INTO "
        "whatsapp_notification_counts (session_id, state, total) VALUES (NEW.session_id, NEW.state, 0); "
        "UPDATE whatsapp_notification_counts SET total = total + 1 WHERE session_id = NEW.session_id AND "
        "state = NEW.state; END"
    ),
    (
        "CREATE TRIGGER count_deleted AFTER DELETE ON whatsapp_notifications BEGIN UPDATE "
        "whatsapp_notification_counts SET total = total - 1 WHERE session_id = OLD.session_id AND state ="
        " OLD.state; END"
    ),
    (
        "CREATE TRIGGER count_moved AFTER UPDATE OF state, session_id ON whatsapp_notifications WHEN "
        "OLD.state IS NOT NEW.state OR OLD.session_id IS NOT NEW.session_id BEGIN INSERT OR IGNORE INTO "
        "whatsapp_notification_counts (session_id, state, total) VALUES (NEW.session_id, NEW.state, 0); "
        "UPDATE whatsapp_notification_counts SET total = total + 1 WHERE session_id = NEW.session_id AND "
        "state = NEW.state; UPDATE whatsapp_notification_counts SET total = total - 1 WHERE session_id = "
        "OLD.session_id AND state = OLD.state; END"
    ),
    (
        "CREATE TRIGGER stranger_added AFTER INSERT ON whatsapp_notifications WHEN NEW.state = 'pending' "
        "BEGIN UPDATE whatsapp_notifications SET to_stranger = NOT EXISTS (SELECT 1 FROM "
        "whatsapp_contacts WHERE phone_index = NEW.phone_index AND session_id = NEW.session_id AND "
        "(wrote_at IS NOT NULL OR told_at IS NOT NULL)) WHERE seq = NEW.seq; END"
    ),
    (
        "CREATE TRIGGER stranger_moved AFTER UPDATE OF state, session_id, phone_index ON "
        "whatsapp_notifications WHEN NEW.state = 'pending' AND (OLD.state IS NOT NEW.state OR "
        "OLD.session_id IS NOT NEW.session_id OR OLD.phone_index IS NOT NEW.phone_index) BEGIN UPDATE "
        "whatsapp_notifications SET to_stranger = NOT EXISTS (SELECT 1 FROM whatsapp_contacts WHERE "
        "phone_index = NEW.phone_index AND session_id = NEW.session_id AND (wrote_at IS NOT NULL OR "
        "told_at IS NOT NULL)) WHERE seq = NEW.seq; END"
    ),
    (
        "CREATE TRIGGER stranger_met AFTER INSERT ON whatsapp_contacts BEGIN UPDATE "
        "whatsapp_notifications SET to_stranger = NOT (session_id = NEW.session_id AND (NEW.wrote_at IS "
        "NOT NULL OR NEW.told_at IS NOT NULL)) WHERE phone_index = NEW.phone_index AND state = 'pending' "
        "AND state IN ('in_doubt', 'pending', 'sending'); END"
    ),
    (
        "CREATE TRIGGER stranger_known AFTER UPDATE OF session_id, wrote_at, told_at ON whatsapp_contacts"
        " WHEN OLD.session_id IS NOT NEW.session_id OR (OLD.wrote_at IS NULL AND OLD.told_at IS NULL) <> "
        "(NEW.wrote_at IS NULL AND NEW.told_at IS NULL) BEGIN UPDATE whatsapp_notifications SET "
        "to_stranger = NOT (session_id = NEW.session_id AND (NEW.wrote_at IS NOT NULL OR NEW.told_at IS "
        "NOT NULL)) WHERE phone_index = NEW.phone_index AND state = 'pending' AND state IN ('in_doubt', "
        "'pending', 'sending'); END"
    ),
)


def upgrade() -> None:
    _totals()
    _strangers()
    _customers()
    for trigger in _TRIGGERS:
        op.execute(trigger)
    _indexes()


def _totals() -> None:
    op.create_table(
        "whatsapp_notification_counts",
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("state", sa.String, primary_key=True),
        sa.Column("total", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO whatsapp_notification_counts (session_id, state, total)"
        " SELECT session_id, state, count(*) FROM whatsapp_notifications GROUP BY session_id, state"
    )


def _strangers() -> None:
    """Before the new indexes are made: what is there is looked at once."""
    column = sa.Column("to_stranger", sa.Boolean, nullable=False, server_default=sa.text("1"))
    op.add_column("whatsapp_notifications", column)
    op.execute(
        "UPDATE whatsapp_notifications SET to_stranger = 0 WHERE state = 'pending' AND EXISTS ("
        "SELECT 1 FROM whatsapp_contacts AS contact WHERE contact.phone_index = whatsapp_notifications.phone_index"
        " AND contact.session_id = whatsapp_notifications.session_id"
        " AND (contact.wrote_at IS NOT NULL OR contact.told_at IS NOT NULL))"
    )


def _customers() -> None:
    """Orders that are there already stay without: no migration has the key for it."""
    op.add_column("orders", sa.Column("customer_index", sa.LargeBinary))
    op.create_index("ix_orders_of_customer", "orders", ["customer_index", "created_at"])


def _indexes() -> None:
    table, pending = "whatsapp_notifications", sa.text(_PENDING)
    op.drop_index("ix_state", table)
    op.drop_index("ix_due", table)
    due: list[str | sa.TextClause] = ["session_id", sa.text("priority DESC"), "scheduled_at", "seq"]
    op.create_index("ix_due", table, due, sqlite_where=pending)
    known = sa.text(f"{_PENDING} AND to_stranger = 0")
    op.create_index("ix_due_to_known", table, due, sqlite_where=known)
    op.create_index("ix_pending_due", table, ["session_id", "scheduled_at"], sqlite_where=pending)
    op.create_index("ix_unfinished", table, ["state", "seq"], sqlite_where=sa.text(_UNFINISHED))
    waiting = sa.text("state IN ('pending', 'sending')")
    op.create_index("ix_waiting_since", table, ["created_at"], sqlite_where=waiting)
    untold = ["order_id", "notification_type"]
    op.create_index("ix_untold", table, untold, sqlite_where=sa.text(_UNTOLD))
    in_no_state = sa.text(f"state NOT IN ({_KNOWN_STATES})")
    op.create_index("ix_in_no_state", table, ["seq"], sqlite_where=in_no_state)
    suspected = sa.text("suspect_of IS NOT NULL")
    op.create_index("ix_suspects", "whatsapp_numbers", ["suspect_of"], sqlite_where=suspected)
