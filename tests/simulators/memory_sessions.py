"""WhatsApp sessions and their keys in the store that needs no disk."""

from collections.abc import Mapping, Sequence

from app.domain.identifiers import SessionId
from app.domain.session import SessionData
from tests.simulators.memory_tables import Tables


class MemorySessionRows:
    def __init__(self, tables: Tables) -> None:
        self._sessions = tables.sessions
        self._keys = tables.session_keys
        self._histories = tables.histories

    def get(self, session_id: SessionId) -> SessionData | None:
        return self._sessions.get(session_id)

    def save(self, session: SessionData) -> None:
        self._sessions[session.session_id] = session

    def wipe(self, session_id: SessionId) -> None:
        self._sessions.pop(session_id, None)
        for key in [key for key in self._keys if key[0] == session_id]:
            del self._keys[key]
        for notice in [notice for notice, (owner, _) in self._histories.items() if owner == session_id]:
            del self._histories[notice]

    def wipe_all(self) -> None:
        for table in (self._sessions, self._keys, self._histories):
            table.clear()

    def keys(self, session_id: SessionId, key_type: str, ids: Sequence[str]) -> Mapping[str, str]:
        found = {key_id: self._keys.get((session_id, key_type, key_id)) for key_id in ids}
        return {key_id: value for key_id, value in found.items() if value is not None}

    def save_keys(self, session_id: SessionId, changes: Mapping[str, Mapping[str, str | None]]) -> None:
        for key_type, values in changes.items():
            for key_id, value in values.items():
                if value is None:
                    self._keys.pop((session_id, key_type, key_id), None)
                else:
                    self._keys[session_id, key_type, key_id] = value

    def forget_ratchets(self, limit: int) -> int:
        chosen = [key for key in self._keys if key[1] == "session"][:limit]
        for key in chosen:
            del self._keys[key]
        return len(chosen)
