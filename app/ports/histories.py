"""Port of the kept history notices: chats that the shop's phone has pushed and that are not read yet."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from app.domain.identifiers import SessionId


@dataclass(frozen=True, slots=True)
class HistoryNotice:
    """Notice of one pushed history, opaque to everything but the sidecar; `tries` counts this one too."""

    text: str = field(repr=False)
    tries: int


class HistoryRows(Protocol):
    def keep(self, session_id: SessionId, message_id: str, notice: str) -> None:
        """Insert the notice of this message; one that is kept already stays as it is."""
        ...

    def waiting(self, session_id: SessionId) -> Sequence[UUID]:
        """Return the kept notices of the session by their ids, oldest first."""
        ...

    def take(self, notice_id: UUID) -> HistoryNotice | None:
        """Count a try and return the notice; None where it is gone or cannot be opened."""
        ...

    def delete(self, notice_id: UUID) -> None: ...


def history_setting(session_id: SessionId) -> str:
    """Return the name of the setting that is not empty once a history of the session was read."""
    return f"history_read.{session_id}"


def history_record(read_at: datetime) -> str:
    """Return the value of that setting: accounts that were looked up earlier may be trusted since."""
    return json.dumps({"read_at": read_at.isoformat()})
