"""Table of history notices: chats that the shop's phone has pushed and that are not read yet."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    table = "whatsapp_histories"
    op.create_table(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("notice", sa.LargeBinary, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_index("ix_histories_of_session", table, ["session_id", "seq"])
    op.create_index("ix_history", table, ["id"], unique=True)
