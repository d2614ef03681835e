"""Adds when an attempt reached the wire, when a doubt was given up, and indexes for what grows stale."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    table = "whatsapp_notifications"
    op.add_column(table, sa.Column("on_wire_at", sa.BigInteger))
    op.add_column(table, sa.Column("given_up_at", sa.BigInteger))
    # The program before this one kept no such mark: what it was sending, or was unsure of, may have left.
    op.execute(
        "UPDATE whatsapp_notifications SET on_wire_at = coalesce(sending_at, changed_at, created_at) "
        "WHERE state IN ('sending', 'in_doubt')"
    )
    pending, failed = sa.text("state = 'pending'"), sa.text("state = 'failed'")
    open_doubt = sa.text("state = 'in_doubt' AND given_up_at IS NULL")
    op.create_index("ix_pending_stage", table, ["stage_at"], sqlite_where=pending)
    news = sa.text("coalesce(stage_at, changed_at)")
    op.create_index("ix_failed_news", table, [news], sqlite_where=failed)
    since = sa.text("coalesce(stage_at, doubted_at)")
    op.create_index("ix_open_doubt", table, [since], sqlite_where=open_doubt)
