"""Index also the messages that a person took back, and those kept back by an opt-out, as perhaps untold."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_TABLE: Final = "whatsapp_notifications"
_UNTOLD: Final = (
    "(state = 'failed' OR state = 'in_doubt' OR state = 'cancelled' OR state = 'suppressed'"
    " AND (reason = 'invalid_phone' OR reason = 'not_on_whatsapp' OR reason = 'stale' OR reason = 'opted_out'))"
)


def upgrade() -> None:
    op.drop_index("ix_untold", _TABLE)
    op.create_index("ix_untold", _TABLE, ["order_id", "notification_type"], sqlite_where=sa.text(_UNTOLD))
