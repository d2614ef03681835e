"""The same indexes of the few rows that still wait, under conditions that are cheap at every write."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TABLE: Final = "whatsapp_notifications"
_UNFINISHED: Final = "(state = 'in_doubt' OR state = 'pending' OR state = 'sending')"
_UNTOLD: Final = (
    "(state = 'failed' OR state = 'in_doubt' OR state = 'suppressed'"
    " AND (reason = 'invalid_phone' OR reason = 'not_on_whatsapp' OR reason = 'stale'))"
)
_IN_NO_STATE: Final = (
    "state <> 'cancelled' AND state <> 'delivered' AND state <> 'failed' AND state <> 'handed_over'"
    " AND state <> 'in_doubt' AND state <> 'pending' AND state <> 'read' AND state <> 'sending'"
    " AND state <> 'sent' AND state <> 'suppressed'"
)
_INDEXES: Final = (
    ("ix_unfinished", ["state", "seq"], _UNFINISHED),
    ("ix_unfinished_of_customer", ["phone_index", "seq"], _UNFINISHED),
    ("ix_untold", ["order_id", "notification_type"], _UNTOLD),
    ("ix_in_no_state", ["seq"], _IN_NO_STATE),
)
# These look for a customer's rows through one of the indexes, and so repeat its condition.
_MET: Final = (
    "BEGIN UPDATE whatsapp_notifications SET to_stranger ="  # noqa: S608 - made of constants
    " NOT (session_id = NEW.session_id AND"
    " (NEW.wrote_at IS NOT NULL OR NEW.told_at IS NOT NULL)) WHERE phone_index = NEW.phone_index AND state = 'pending'"
    f" AND {_UNFINISHED}; END"
)
_TRIGGERS: Final = {
    "stranger_met": f"AFTER INSERT ON whatsapp_contacts {_MET}",
    "stranger_known": (
        "AFTER UPDATE OF session_id, wrote_at, told_at ON whatsapp_contacts"
        " WHEN OLD.session_id IS NOT NEW.session_id"
        " OR (OLD.wrote_at IS NULL AND OLD.told_at IS NULL) <> (NEW.wrote_at IS NULL AND NEW.told_at IS NULL)"
        f" {_MET}"
    ),
}


def upgrade() -> None:
    for name in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name}")
    for name, columns, condition in _INDEXES:
        op.drop_index(name, _TABLE)
        op.create_index(name, _TABLE, columns, sqlite_where=sa.text(condition))
    for name, trigger in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {trigger}")
