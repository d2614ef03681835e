"""What a source says of an order, kept whole: its deletion, the moment of its stage, a phone chosen instead."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("orders", sa.Column("deleted", sa.Boolean, nullable=False, server_default=sa.text("0")))
    op.add_column("orders", sa.Column("stage_at", sa.BigInteger))
    op.add_column("orders", sa.Column("chosen_phone", sa.LargeBinary))
