"""Conditions of the partial indexes, literally: SQLite uses one only where a statement repeats its condition.

No list of more than two values in `IN`: SQLite builds a table of it at every write to a row of the index.
"""

from app.adapters.sqlite.exact_columns import LATEST
from app.domain.notification import State

PENDING = "state = 'pending'"
FAILED = "state = 'failed'"
NEWS_SINCE = "coalesce(stage_at, changed_at)"
OPEN_DOUBT = "state = 'in_doubt' AND given_up_at IS NULL"
DOUBT_SINCE = "coalesce(stage_at, doubted_at)"
NOT_EMPTIED = "emptied_at IS NULL"
IN_FORCE = "undone_at IS NULL"
# An `undone_at` outside the calendar is unreadable and ends no opt-out (X1).
NOT_ENDED = f"(undone_at IS NULL OR undone_at NOT BETWEEN -{LATEST} AND {LATEST})"
UNREAD = "read_at IS NULL"
TOLD_ABOUT_ORDER = "order_id IS NOT NULL"
OF_ACCOUNT = "lid_index IS NOT NULL"
ABOUT_ANOTHER = "about IS NOT NULL"
UNFINISHED = "(state = 'in_doubt' OR state = 'pending' OR state = 'sending')"
WAITING = "state IN ('pending', 'sending')"
TO_KNOWN = "to_stranger = 0"
UNTOLD = (
    "(state = 'failed' OR state = 'in_doubt' OR state = 'cancelled' OR state = 'suppressed'"
    " AND (reason = 'invalid_phone' OR reason = 'not_on_whatsapp' OR reason = 'stale' OR reason = 'opted_out'))"
)
IN_NO_STATE = " AND ".join(f"state <> '{state}'" for state in sorted(State))
SUSPECTED = "suspect_of IS NOT NULL"


def of_table(name: str, condition: str) -> str:
    """The condition on `state` of the table or alias `name`."""
    return condition.replace("state =", f"{name}.state =")
