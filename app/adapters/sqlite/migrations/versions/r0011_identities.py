"""Identities of customers: aliases, contacts by identity, and each row's customer in the queue."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_QUEUE: Final = "whatsapp_notifications"
_UNFINISHED: Final = "(state = 'in_doubt' OR state = 'pending' OR state = 'sending')"
_STRANGER: Final = (
    "NOT EXISTS (SELECT 1 FROM whatsapp_contacts AS contact WHERE contact.customer_id = {customer}"
    " AND contact.session_id = NEW.session_id AND (contact.wrote_at IS NOT NULL OR contact.told_at IS NOT NULL))"
)
_CUSTOMER: Final = (
    "nullif(coalesce((SELECT identity_id FROM whatsapp_aliases WHERE alias_index = NEW.phone_index),"
    " lower(hex(NEW.phone_index))), '')"
)
_PLACED: Final = (
    f" UPDATE whatsapp_notifications SET customer_id = {_CUSTOMER},"  # noqa: S608 - made of constants
    f" to_stranger = {_STRANGER.format(customer=_CUSTOMER)} WHERE seq = NEW.seq;"
)
_MET: Final = (
    " UPDATE whatsapp_notifications SET to_stranger ="  # noqa: S608 - made of constants
    " NOT (session_id = NEW.session_id AND (NEW.wrote_at IS NOT NULL OR NEW.told_at IS NOT NULL))"
    f" WHERE customer_id = NEW.customer_id AND state = 'pending' AND {_UNFINISHED};"
)
_MOVED: Final = "OLD.state IS NOT NEW.state OR OLD.session_id IS NOT NEW.session_id"
_TRIGGERS: Final = {
    "stranger_added": (
        "AFTER INSERT ON whatsapp_notifications WHEN NEW.state = 'pending' BEGIN"  # noqa: S608
        f" UPDATE whatsapp_notifications SET to_stranger = {_STRANGER.format(customer='NEW.customer_id')}"
        " WHERE seq = NEW.seq; END"
    ),
    "stranger_moved": (
        "AFTER UPDATE OF state, session_id, phone_index, customer_id ON whatsapp_notifications"
        f" WHEN NEW.state = 'pending' AND ({_MOVED}"
        " OR OLD.phone_index IS NOT NEW.phone_index OR OLD.customer_id IS NOT NEW.customer_id)"
        f" BEGIN{_PLACED} END"
    ),
    "stranger_met": f"AFTER INSERT ON whatsapp_contacts BEGIN{_MET} END",
    "stranger_known": (
        "AFTER UPDATE OF session_id, wrote_at, told_at ON whatsapp_contacts"
        " WHEN OLD.session_id IS NOT NEW.session_id"
        " OR (OLD.wrote_at IS NULL AND OLD.told_at IS NULL) <> (NEW.wrote_at IS NULL AND NEW.told_at IS NULL)"
        f" BEGIN{_MET} END"
    ),
}


def upgrade() -> None:
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    _aliases()
    _contacts()
    _customers()
    for name, trigger in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {trigger}")


def _aliases() -> None:
    """Take over the accounts of checked numbers; other addresses keep the identity that their index gives them.

    No migration has the key: values stay where they are sealed, in the cache of numbers.
    """
    table = "whatsapp_aliases"
    op.create_table(
        table,
        sa.Column("alias_index", sa.LargeBinary, primary_key=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("identity_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("value", sa.LargeBinary),
        sa.Column("seen_at", sa.BigInteger),
        sa.Column("retained_from", sa.BigInteger),
    )
    op.create_index("ix_aliases_of_identity", table, ["identity_id", "kind"])
    op.create_index("ix_aliases_retained_from", table, ["retained_from"])
    for kind, index in (("lid", "lid_index"), ("number", "phone_index")):
        op.execute(
            f"INSERT OR IGNORE INTO {table} (alias_index, id, identity_id, kind, seen_at)"  # noqa: S608 - constants
            f" SELECT {index}, lower(hex(randomblob(16))), lower(hex(lid_index)), '{kind}', checked_at"
            " FROM whatsapp_numbers WHERE lid_index IS NOT NULL"
        )
    op.drop_index("ix_lid", "whatsapp_numbers")
    op.drop_column("whatsapp_numbers", "lid_index")


def _contacts() -> None:
    """Give each contact to its identity; of several, the one that is known, and the oldest of those, stays."""
    table, former = "whatsapp_contacts", "contacts_by_number"
    op.drop_index("ix_contacts_told", table)
    op.rename_table(table, former)
    op.create_table(
        table,
        sa.Column("customer_id", sa.Uuid, primary_key=True),
        sa.Column("session_id", sa.String, nullable=False),
        sa.Column("wrote_at", sa.BigInteger),
        sa.Column("told_at", sa.BigInteger),
    )
    op.execute(
        f"INSERT OR IGNORE INTO {table} (customer_id, session_id, wrote_at, told_at)"  # noqa: S608 - constants
        " SELECT coalesce((SELECT identity_id FROM whatsapp_aliases WHERE alias_index = phone_index),"
        f" lower(hex(phone_index))), session_id, wrote_at, told_at FROM {former}"
        " ORDER BY wrote_at IS NULL AND told_at IS NULL, coalesce(min(wrote_at, told_at), wrote_at, told_at)"
    )
    op.drop_table(former)
    op.create_index("ix_contacts_told", table, ["session_id", "told_at"])


def _customers() -> None:
    op.add_column(_QUEUE, sa.Column("customer_id", sa.Uuid))
    op.execute(
        f"UPDATE {_QUEUE} SET customer_id = nullif(coalesce("  # noqa: S608 - constants
        "(SELECT identity_id FROM whatsapp_aliases WHERE alias_index = phone_index), lower(hex(phone_index))), '')"
    )
    op.execute(
        f"UPDATE {_QUEUE} SET to_stranger = NOT EXISTS (SELECT 1 FROM whatsapp_contacts AS contact"  # noqa: S608
        f" WHERE contact.customer_id = {_QUEUE}.customer_id AND contact.session_id = {_QUEUE}.session_id"
        " AND (contact.wrote_at IS NOT NULL OR contact.told_at IS NOT NULL)) WHERE state = 'pending'"
    )
    op.drop_index("ix_unfinished_of_customer", _QUEUE)
    condition = sa.text(_UNFINISHED)
    op.create_index("ix_unfinished_of_customer", _QUEUE, ["customer_id", "seq"], sqlite_where=condition)
