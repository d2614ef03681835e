"""The wordings of messages in SQL."""

from collections.abc import Sequence

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.tables import Tables
from app.domain.order import NotificationType
from app.domain.template import MessageTemplate
from app.ports.clock import Clock

_CHANGING = ("template_type", "content", "variables", "is_active", "updated_at")


class SqlTemplateRows:
    def __init__(self, connection: Connection, tables: Tables, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._rows = tables.templates
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in _CHANGING}
        self._upsert = new.on_conflict_do_update(index_elements=["id"], set_=kept)

    def all(self) -> Sequence[MessageTemplate]:
        rows = self._rows.c
        oldest_first = select(rows.id, rows.template_type, rows.content, rows.is_active).order_by(
            literal_column("rowid")
        )
        return [
            MessageTemplate(key, NotificationType(type_), content, is_active)
            for key, type_, content, is_active in self._connection.execute(oldest_first)
        ]

    def save(self, template: MessageTemplate) -> None:
        now = self._clock.now()
        values = {
            "id": template.id,
            "template_type": template.type.value,
            "content": template.content,
            "variables": list(template.variables),
            "is_active": template.is_active,
            "created_at": now,
            "updated_at": now,
        }
        self._connection.execute(self._upsert, values)
