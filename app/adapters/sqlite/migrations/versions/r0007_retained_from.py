"""Adds what no setting of the PC's clock moves: the date from which a row's age counts, and the index of sends."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES: Final = {
    "whatsapp_notifications": "notifications",
    "orders": "orders",
    "whatsapp_numbers": "numbers",
    "whatsapp_heard_words": "heard_words",
    "whatsapp_inbound": "inbound",
    "whatsapp_consents": "consents",
}


def upgrade() -> None:
    """Rows that are there already count from the next start on: their own moments may be those of a wrong clock."""
    for table, name in _TABLES.items():
        op.add_column(table, sa.Column("retained_from", sa.BigInteger))
        op.create_index(f"ix_{name}_retained_from", table, ["retained_from"])
    # The pace goes by our own moment of a send; WhatsApp's, `sent_at`, is another clock's.
    op.drop_index("ix_sent_at", "whatsapp_notifications")
    op.create_index("ix_sending_at", "whatsapp_notifications", ["sending_at"])
