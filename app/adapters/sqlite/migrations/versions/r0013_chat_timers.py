"""Disappearing-messages timers of chats, by identity and session."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "whatsapp_chat_timers",
        sa.Column("customer_id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.String, primary_key=True),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
