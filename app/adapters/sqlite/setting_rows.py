"""Settings in SQL."""

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.tables import settings


class SqlSettingRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        value = select(settings.c.value).where(settings.c.name == name)
        return self._connection.execute(value).scalar_one_or_none()

    def set(self, name: str, value: str) -> None:
        new = insert(settings).values(name=name, value=value)
        kept = new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value})
        self._connection.execute(kept)
