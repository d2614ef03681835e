"""Tables of the notification queue, with partial indexes over the few unfinished rows."""

from typing import Any

from sqlalchemy import Column, Computed, Index, Integer, MetaData, Table, UniqueConstraint, text

from app.adapters.sqlite.checked_columns import Blob, Choice, Count, Flag, RowId, Sealed, Word
from app.adapters.sqlite.conditions import (
    DOUBT_SINCE,
    FAILED,
    IN_NO_STATE,
    NEWS_SINCE,
    NOT_EMPTIED,
    OPEN_DOUBT,
    PENDING,
    TO_KNOWN,
    TOLD_ABOUT_ORDER,
    UNFINISHED,
    UNTOLD,
    WAITING,
)
from app.adapters.sqlite.exact_columns import Moment
from app.domain.notification import State
from app.domain.order import NotificationType

_MOMENTS = "sending_at delivered_at read_at doubted_at changed_at stage_at emptied_at on_wire_at given_up_at"


def _indexes_of_few() -> tuple[Index, ...]:
    """Return partial indexes over unfinished rows: their size does not grow with the history (Z4)."""
    due = ("session_id", text("priority DESC"), "scheduled_at", "seq")
    return (
        Index("ix_due", *due, sqlite_where=text(PENDING)),
        Index("ix_due_to_known", *due, sqlite_where=text(f"{PENDING} AND {TO_KNOWN}")),
        Index("ix_pending_due", "session_id", "scheduled_at", sqlite_where=text(PENDING)),
        Index("ix_unfinished", "state", "seq", sqlite_where=text(UNFINISHED)),
        Index("ix_waiting_since", "created_at", sqlite_where=text(WAITING)),
        Index("ix_untold", "order_id", "notification_type", sqlite_where=text(UNTOLD)),
        Index("ix_in_no_state", "seq", sqlite_where=text(IN_NO_STATE)),
        Index("ix_pending_stage", "stage_at", sqlite_where=text(PENDING)),
        Index("ix_failed_news", text(NEWS_SINCE), sqlite_where=text(FAILED)),
        Index("ix_open_doubt", text(DOUBT_SINCE), sqlite_where=text(OPEN_DOUBT)),
    )


def _indexes_of_customers() -> tuple[Index, ...]:
    return (
        Index("ix_unfinished_of_customer", "customer_id", "seq", sqlite_where=text(UNFINISHED)),
        Index("ix_told_customer", "phone_index", "seq", sqlite_where=text(TOLD_ABOUT_ORDER)),
    )


def retained(table: str) -> tuple["Column[Any]", Index]:
    """Return the column, with its index, from which a row's age counts.

    It holds a moment at which the row certainly existed (X6, Z3).
    """
    return Column("retained_from", Moment), Index(f"ix_{table}_retained_from", "retained_from")


def notifications_table(metadata: MetaData) -> Table:
    name = "whatsapp_notifications"
    return Table(
        name,
        metadata,
        Column("seq", Integer, primary_key=True),
        Column("id", RowId, nullable=False, unique=True),
        Column("order_id", Word),
        Column("customer_phone", Sealed, nullable=False),
        Column("notification_type", Choice(NotificationType), nullable=False),
        Column("message_content", Sealed, nullable=False),
        Column("status", Word, nullable=False),
        Column("attempts", Count, nullable=False),
        Column("scheduled_at", Moment, nullable=False),
        Column("sent_at", Moment),
        Column("error_message", Word, Computed("reason", persisted=False)),
        Column("created_at", Moment, nullable=False),
        Column("state", Choice(State), nullable=False),
        Column("reason", Word),
        Column("occurrence", Count, nullable=False),
        Column("session_id", Word, nullable=False),
        Column("phone_index", Blob, nullable=False),
        Column("wa_message_id", Word, nullable=False, unique=True),
        *(Column(count, Count, nullable=False) for count in ("priority", "repeats")),
        Column("lease_owner", Word),
        Column("lease_until", Moment),
        *(Column(moment, Moment) for moment in _MOMENTS.split()),
        UniqueConstraint("order_id", "notification_type", "occurrence"),
        *_indexes_of_few(),
        Index("ix_sending_at", "sending_at"),
        Index("ix_content_kept", "changed_at", sqlite_where=text(NOT_EMPTIED)),
        Index("ix_changed_at", "changed_at"),
        *retained("notifications"),
        Column("to_stranger", Flag, nullable=False, server_default=text("1")),
        # NULL without an address; a trigger writes it anew when a row waits again.
        Column("customer_id", RowId),
        *_indexes_of_customers(),
        sqlite_autoincrement=True,
        info={"row_id": ("id",)},
    )


def counts_table(metadata: MetaData) -> Table:
    """Table of the number of notifications by session and state, maintained by triggers."""
    return Table(
        "whatsapp_notification_counts",
        metadata,
        Column("session_id", Word, primary_key=True),
        Column("state", Choice(State), primary_key=True),
        Column("total", Count, nullable=False),
        sqlite_with_rowid=False,
    )
