"""Triggers that maintain totals by state, each row's customer, and the flag of messages to strangers.

A trigger runs in the transaction that changes the row, in every process: the two are atomic, no crash comes between.
"""

from typing import Final

from sqlalchemy import DDL, MetaData, event

from app.adapters.sqlite.conditions import UNFINISHED

_COUNTED_IN: Final = (
    "INSERT OR IGNORE INTO whatsapp_notification_counts (session_id, state, total)"
    " VALUES (NEW.session_id, NEW.state, 0);"
    " UPDATE whatsapp_notification_counts SET total = total + 1"
    " WHERE session_id = NEW.session_id AND state = NEW.state;"
)
_COUNTED_OUT: Final = (
    " UPDATE whatsapp_notification_counts SET total = total - 1"
    " WHERE session_id = OLD.session_id AND state = OLD.state;"
)
_MOVED: Final = "OLD.state IS NOT NEW.state OR OLD.session_id IS NOT NEW.session_id"
_STRANGER: Final = (
    "NOT EXISTS (SELECT 1 FROM whatsapp_contacts AS contact WHERE contact.customer_id = {customer}"
    " AND contact.session_id = NEW.session_id AND (contact.wrote_at IS NOT NULL OR contact.told_at IS NOT NULL))"
)
# The aliases of a row that waits again may have changed since it was written.
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
    f" WHERE customer_id = NEW.customer_id AND state = 'pending' AND {UNFINISHED};"
)

TRIGGERS: Final = (
    f"CREATE TRIGGER count_added AFTER INSERT ON whatsapp_notifications BEGIN {_COUNTED_IN} END",
    f"CREATE TRIGGER count_deleted AFTER DELETE ON whatsapp_notifications BEGIN{_COUNTED_OUT} END",
    (
        "CREATE TRIGGER count_moved AFTER UPDATE OF state, session_id ON whatsapp_notifications"
        f" WHEN {_MOVED} BEGIN {_COUNTED_IN}{_COUNTED_OUT} END"
    ),
    (
        "CREATE TRIGGER stranger_added AFTER INSERT ON whatsapp_notifications WHEN NEW.state = 'pending' BEGIN"  # noqa: S608
        f" UPDATE whatsapp_notifications SET to_stranger = {_STRANGER.format(customer='NEW.customer_id')}"
        " WHERE seq = NEW.seq; END"
    ),
    (
        "CREATE TRIGGER stranger_moved AFTER UPDATE OF state, session_id, phone_index, customer_id"
        f" ON whatsapp_notifications WHEN NEW.state = 'pending' AND ({_MOVED}"
        " OR OLD.phone_index IS NOT NEW.phone_index OR OLD.customer_id IS NOT NEW.customer_id)"
        f" BEGIN{_PLACED} END"
    ),
    f"CREATE TRIGGER stranger_met AFTER INSERT ON whatsapp_contacts BEGIN{_MET} END",
    (
        "CREATE TRIGGER stranger_known AFTER UPDATE OF session_id, wrote_at, told_at ON whatsapp_contacts"
        " WHEN OLD.session_id IS NOT NEW.session_id"
        " OR (OLD.wrote_at IS NULL AND OLD.told_at IS NULL) <> (NEW.wrote_at IS NULL AND NEW.told_at IS NULL)"
        f" BEGIN{_MET} END"
    ),
)


def declare_triggers(metadata: MetaData) -> None:
    """Create the triggers wherever these tables are created."""
    for trigger in TRIGGERS:
        event.listen(metadata, "after_create", DDL(trigger))  # type: ignore[no-untyped-call]
