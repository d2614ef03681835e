"""WhatsApp sessions and their Signal keys in SQL."""

import logging
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, tuple_
from sqlalchemy.dialects.sqlite import Insert, insert

from app.adapters.sqlite.prepared import Prepared
from app.adapters.sqlite.tables import Tables
from app.domain.errors import WrongKeyError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.clock import Clock

_log = logging.getLogger(__name__)

_RATCHET = "session"
"""What Signal's protocol, and the key store with it, calls the state of the encryption with one device."""
_CHANGING = ("session_data", "phone_number", "is_active", "paired", "updated_at")


class SqlSessionRows:
    """A Signal key's id may contain a telephone number: it is kept as its blind index and bound to its value."""

    def __init__(self, connection: Connection, tables: Tables, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._vault = tables.vault
        self._rows = tables.sessions
        self._keys = tables.session_keys
        self._upsert_session = self._session_upsert()
        self._upsert_key = Prepared(connection, self._key_upsert())
        keys = self._keys.c
        of_type = (keys.session_id == bindparam("session")) & (keys.type == bindparam("key_type"))
        self._delete_key = delete(self._keys).where(of_type, keys.key_id == bindparam("which"))
        self._some_keys = select(keys.key_id, keys.value).where(
            of_type, keys.key_id.in_(bindparam("which", expanding=True))
        )

    def get(self, session_id: SessionId) -> SessionData | None:
        rows = self._rows.c
        kept = select(rows.session_data, rows.paired, rows.phone_number).where(rows.session_id == session_id)
        row = self._connection.execute(kept).first()
        if row is None:
            return None
        sealed, paired, sealed_phone = row
        credentials = self._unsealed(session_id, "session_data", sealed)
        phone = sealed_phone and Phone(self._unsealed(session_id, "phone_number", sealed_phone))
        return SessionData(session_id, credentials, paired, phone)

    def save(self, session: SessionData) -> None:
        now = self._clock.now()
        values = {
            "session_id": session.session_id,
            "session_data": self._sealed(session.session_id, "session_data", session.credentials),
            "phone_number": session.phone
            and self._sealed(session.session_id, "phone_number", session.phone.number),
            "is_active": True,
            "paired": session.paired,
            "created_at": now,
            "updated_at": now,
        }
        self._connection.execute(self._upsert_session, values)

    def wipe(self, session_id: SessionId) -> None:
        for table in (self._rows, self._keys):
            self._connection.execute(delete(table).where(table.c.session_id == session_id))

    def keys(self, session_id: SessionId, key_type: str, ids: Sequence[str]) -> Mapping[str, str]:
        wanted = {self._key_index(session_id, key_type, key_id): key_id for key_id in ids}
        values = {"session": session_id, "key_type": key_type, "which": list(wanted)}
        found = self._connection.execute(self._some_keys, values).all()
        opened = dict(self._opened(session_id, key_type, [(wanted[index], value) for index, value in found]))
        if len(opened) < len(found):
            unreadable = {"session": session_id, "type": key_type, "count": len(found) - len(opened)}
            _log.error("keys_unreadable", extra=unreadable)
        return opened

    def forget_ratchets(self, limit: int) -> int:
        keys = self._keys.c
        key = (keys.session_id, keys.type, keys.key_id)
        chosen = select(*key).where(keys.type == _RATCHET).limit(limit)
        return self._connection.execute(delete(self._keys).where(tuple_(*key).in_(chosen))).rowcount

    def save_keys(self, session_id: SessionId, changes: Mapping[str, Mapping[str, str | None]]) -> None:
        gone: list[dict[str, object]] = []
        for key_type, values in changes.items():
            for key_id, value in values.items():
                index = self._key_index(session_id, key_type, key_id)
                if value is None:
                    gone.append({"session": session_id, "key_type": key_type, "which": index})
                else:
                    sealed = self._vault.seal(value.encode(), _context(session_id, key_type, key_id))
                    row = {"session_id": session_id, "type": key_type, "key_id": index, "value": sealed}
                    self._upsert_key.changed(row)
        if gone:
            self._connection.execute(self._delete_key, gone)

    def _opened(
        self, session_id: SessionId, key_type: str, found: Sequence[tuple[str, bytes]]
    ) -> Iterator[tuple[str, str]]:
        """One that does not open is as good as none: Signal makes another, and nobody else is harmed."""
        for key_id, value in found:
            try:
                yield key_id, self._vault.open(value, _context(session_id, key_type, key_id)).decode()
            except WrongKeyError:
                continue

    def _sealed(self, session_id: SessionId, column: str, text: str) -> bytes:
        return self._vault.seal(text.encode(), _context_of_session(session_id, column))

    def _unsealed(self, session_id: SessionId, column: str, sealed: bytes) -> str:
        return self._vault.open(sealed, _context_of_session(session_id, column)).decode()

    def _key_index(self, session_id: SessionId, key_type: str, key_id: str) -> bytes:
        return self._vault.blind_index("whatsapp_session_keys", f"{session_id}\0{key_type}\0{key_id}")

    def _session_upsert(self) -> Insert:
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in _CHANGING}
        return new.on_conflict_do_update(index_elements=["session_id"], set_=kept)

    def _key_upsert(self) -> Insert:
        new = insert(self._keys)
        same = ["session_id", "type", "key_id"]
        return new.on_conflict_do_update(index_elements=same, set_={"value": new.excluded.value})


def _context_of_session(session_id: SessionId, column: str) -> str:
    return f"whatsapp_sessions.{column}\0{session_id}"


def _context(session_id: SessionId, key_type: str, key_id: str) -> str:
    """A value opens only as the key it was saved as."""
    return f"whatsapp_session_keys.value\0{session_id}\0{key_type}\0{key_id}"
