"""Add columns for edited, deleted and reacted-to replies: moment of the change, message reacted to, author."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    table = "whatsapp_inbound"
    op.add_column(table, sa.Column("lid_index", sa.LargeBinary))
    op.add_column(table, sa.Column("about", sa.String))
    op.add_column(table, sa.Column("changed_at", sa.BigInteger))
    of_account, about = sa.text("lid_index IS NOT NULL"), sa.text("about IS NOT NULL")
    op.create_index("ix_inbound_of_account", table, ["lid_index", "message_id"], sqlite_where=of_account)
    op.create_index("ix_inbound_about", table, ["about"], sqlite_where=about)
