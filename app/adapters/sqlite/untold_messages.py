"""Statement of the messages that may leave their customers untold (C3)."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table, exists, select, text

from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.conditions import UNTOLD
from app.domain.identifiers import OrderId
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.untold import UntoldMessage


def untold_messages(
    connection: Connection, notifications: Table, order_ids: Sequence[OrderId]
) -> list[UntoldMessage]:
    """Return those of these orders; of a message that was repeated, the last repetition counts."""
    rows, later = notifications.c, notifications.alias("later").c
    repeated = exists().where(
        later.order_id == rows.order_id,
        later.notification_type == rows.notification_type,
        later.occurrence > rows.occurrence,
    )
    wanted = select(rows.order_id, rows.notification_type, rows.state, rows.reason)
    latest = wanted.where(text(UNTOLD), rows.order_id.in_(order_ids), ~repeated)
    return [
        UntoldMessage(
            OrderId(order_id),
            # One whose type is unreadable is of no stage, and leaves no order untold by itself.
            NotificationType.CUSTOM if kind is UNREADABLE else kind,
            State.FAILED if state is UNREADABLE else state,
            None if reason is UNREADABLE else reason,
        )
        for order_id, kind, state, reason in connection.execute(latest)
    ]
