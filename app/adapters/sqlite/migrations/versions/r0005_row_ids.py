"""An id for every row that has sealed cells, so that they can be bound to it; what is there keeps opening as before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OLD = "without_id"


def upgrade() -> None:
    _numbers()
    _opt_outs()
    _inbound()
    _consents()


def _numbers() -> None:
    table = "whatsapp_numbers"
    _remade(
        table,
        sa.Column("phone_index", sa.LargeBinary, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("phone", sa.LargeBinary, nullable=False),
        sa.Column("account", sa.LargeBinary),
        sa.Column("checked_at", sa.BigInteger, nullable=False),
        sa.Column("suspect_of", sa.String),
        sa.Column("lid_index", sa.LargeBinary),
    )
    op.create_index("ix_lid", table, ["lid_index"])


def _opt_outs() -> None:
    table = "whatsapp_opt_outs"
    _remade(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
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


def _inbound() -> None:
    table = "whatsapp_inbound"
    _remade(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
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


def _consents() -> None:
    table = "whatsapp_consents"
    _remade(
        table,
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
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


def _remade(table: str, *columns: "sa.Column[object]") -> None:
    """The table anew with an `id` of chance in every row; SQLite cannot add a column that must be filled."""
    kept = ", ".join(column.name for column in columns if column.name != "id")
    op.rename_table(table, _OLD)
    op.create_table(table, *columns)
    op.execute(
        f"INSERT INTO {table} (id, {kept}) SELECT lower(hex(randomblob(16))), {kept} FROM {_OLD}"  # noqa: S608 - ours
    )
    op.drop_table(_OLD)
