"""Rows of settings."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.plain_tables import settings
from app.adapters.sqlite.unreadable_cells import RowCheck, UnreadableCells


class SqlSettingRows:
    """Settings in SQL, as text by name."""

    def __init__(self, connection: Connection, cells: UnreadableCells) -> None:
        self._connection = connection
        self._check = RowCheck(settings.name, [settings.c.value], cells)

    def get(self, name: str) -> str | None:
        """Return the value, or None where it is missing or unreadable: the default applies."""
        value = select(settings.c.value).where(settings.c.name == name)
        row = self._connection.execute(value).first()
        return row[0] if row and self._check.reads(row, name) else None

    def has(self, name: str) -> bool:
        found = self._connection.execute(select(settings.c.name).where(settings.c.name == name))
        return found.first() is not None

    def set(self, name: str, value: str) -> None:
        new = insert(settings).values(name=name, value=value)
        kept = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
        self._connection.execute(kept)
