"""Completion of the aliases that a migration took over: it has no key, and so knows one spelling of each number."""

from typing import Final

from sqlalchemy import Connection, select, text

from app.adapters.sqlite.conditions import UNFINISHED
from app.adapters.sqlite.notification_reader import NotificationReader
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.unit_of_work import SqlRows
from app.domain.phone import NO_PHONE

_COMPLETED: Final = "aliases_completed"


def are_aliases_complete(settings: SqlSettingRows) -> bool:
    return settings.get(_COMPLETED) is not None


def complete_aliases(connection: Connection, given: RowDependencies, rows: SqlRows) -> None:
    """Record every spelling of the numbers with a known account, and of those with waiting messages.

    An opt-out is saved under one spelling: without it as an alias, it would not be found by the account's LID (X1).
    """
    for known in rows.numbers.half_aliased():
        rows.identities.keep(known.phone, known.checked_at)
    reader, queue = NotificationReader(given), given.tables.notifications
    has_alias = queue.c.phone_index.in_(select(given.tables.aliases.c.alias_index))
    for row in connection.execute(select(*reader.columns).where(text(UNFINISHED), ~has_alias)).all():
        waiting = reader.read(row)
        if waiting and waiting.phone != NO_PHONE:
            rows.identities.keep(waiting.phone, waiting.created_at)
    rows.settings.set(_COMPLETED, "yes")
