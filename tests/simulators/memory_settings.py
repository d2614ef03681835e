"""Templates, settings and the sealing of cells in the store in memory."""

from collections.abc import Sequence

from app.domain.template import MessageTemplate
from app.ports.sealing import ResealPlace
from tests.simulators.memory_tables import Tables


class MemoryTemplateRows:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.templates

    def all(self) -> Sequence[MessageTemplate]:
        return list(self._rows.values())

    def save(self, template: MessageTemplate) -> None:
        self._rows[template.id] = template


class MemorySettingRows:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.settings

    def get(self, name: str) -> str | None:
        return self._rows.get(name)

    def has(self, name: str) -> bool:
        return name in self._rows

    def set(self, name: str, value: str) -> None:
        self._rows[name] = value


class MemorySealingRows:
    """Nothing is sealed in memory."""

    def outdated(self) -> bool:
        return False

    def reseal(self, place: ResealPlace, limit: int) -> ResealPlace | None:
        _ = place, limit
        return None
