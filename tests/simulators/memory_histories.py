"""Kept history notices in the store that needs no disk."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from app.domain.identifiers import SessionId
from app.ports.histories import HistoryNotice

_NAMESPACE = UUID(int=0)


class MemoryHistoryRows:
    def __init__(self, rows: dict[UUID, tuple[SessionId, HistoryNotice]]) -> None:
        self._rows = rows

    def keep(self, session_id: SessionId, message_id: str, notice: str) -> None:
        notice_id = uuid5(_NAMESPACE, f"{session_id} {message_id}")
        self._rows.setdefault(notice_id, (session_id, HistoryNotice(notice, 0)))

    def waiting(self, session_id: SessionId) -> Sequence[UUID]:
        return [notice_id for notice_id, (owner, _) in self._rows.items() if owner == session_id]

    def take(self, notice_id: UUID) -> HistoryNotice | None:
        if notice_id not in self._rows:
            return None
        session_id, notice = self._rows[notice_id]
        counted = replace(notice, tries=notice.tries + 1)
        self._rows[notice_id] = (session_id, counted)
        return counted

    def delete(self, notice_id: UUID) -> None:
        self._rows.pop(notice_id, None)
