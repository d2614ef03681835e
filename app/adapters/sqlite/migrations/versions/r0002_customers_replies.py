"""What customers write, kept with the order it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    table = "whatsapp_inbound"
    op.create_table(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("phone_index", sa.LargeBinary, nullable=False),
        sa.Column("customer_phone", sa.LargeBinary, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("content", sa.LargeBinary),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("live", sa.Boolean, nullable=False),
        sa.Column("order_id", sa.String),
        sa.Column("read_at", sa.BigInteger),
        sa.Column("emptied_at", sa.BigInteger),
    )
    op.create_index("ix_inbound_of_customer", table, ["phone_index", "message_id"])
    op.create_index("ix_inbound_of_order", table, ["order_id"])
    op.create_index("ix_inbound_received_at", table, ["received_at"])
    told = sa.text("order_id IS NOT NULL")
    op.create_index("ix_told_customer", "whatsapp_notifications", ["phone_index", "seq"], sqlite_where=told)
