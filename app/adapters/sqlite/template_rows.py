"""Rows of message templates."""

from collections.abc import Sequence

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.template import MessageTemplate

_CHANGING = ("template_type", "content", "variables", "is_active", "updated_at")


class SqlTemplateRows:
    """Templates in SQL, in order of creation."""

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._clock = given.clock
        rows = self._rows = given.tables.templates
        self._columns = (rows.c.id, rows.c.template_type, rows.c.content, rows.c.is_active)
        self._check = RowCheck(rows.name, self._columns, given.cells)
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in _CHANGING}
        self._upsert = new.on_conflict_do_update(index_elements=["id"], set_=kept)

    def all(self) -> Sequence[MessageTemplate]:
        found = self._connection.execute(select(*self._columns).order_by(literal_column("rowid")))
        return [MessageTemplate(*row) for row in found if self._check.reads(row, row[0])]

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
