"""What customers agree to by writing first."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    table = "whatsapp_consents"
    op.create_table(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("phone_index", sa.LargeBinary, nullable=False),
        sa.Column("customer_phone", sa.LargeBinary, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("wording", sa.LargeBinary, nullable=False),
        sa.Column("given_at", sa.BigInteger, nullable=False),
        sa.Column("order_id", sa.String, nullable=False),
        sa.Column("emptied_at", sa.BigInteger),
    )
    kept = sa.text("emptied_at IS NULL")
    customer = ["phone_index", "message_id"]
    op.create_index("ix_consents_of_customer", table, customer, unique=True, sqlite_where=kept)
    op.create_index("ix_consents_of_order", table, ["order_id"])
    op.create_index("ix_consents_given_at", table, ["given_at"])
