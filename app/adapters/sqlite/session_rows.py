"""Rows of WhatsApp sessions and of their Signal keys."""

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, text
from sqlalchemy.dialects.sqlite import Insert, insert

from app.adapters.sqlite.cell_sealer import cell_context
from app.adapters.sqlite.checked_columns import UNREADABLE
from app.adapters.sqlite.prepared_statement import PreparedStatement
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.unreadable_cells import RowCheck
from app.domain.errors import WrongKeyError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import SessionData

_log = logging.getLogger(__name__)

_RATCHET = "session"
"""Key type of Signal's sessions (ratchets): the state of the encryption with one device."""
# The keys of each session are one range of the primary key; a loose index scan visits no other key.
_FORGET = """
    DELETE FROM whatsapp_session_keys WHERE (session_id, type, key_id) IN (
        WITH RECURSIVE each(session_id) AS (
            SELECT min(session_id) FROM whatsapp_session_keys
            UNION ALL
            SELECT (SELECT min(session_id) FROM whatsapp_session_keys WHERE session_id > each.session_id)
            FROM each WHERE each.session_id IS NOT NULL
        )
        SELECT keys.session_id, keys.type, keys.key_id FROM each CROSS JOIN whatsapp_session_keys AS keys
        WHERE keys.session_id = each.session_id AND keys.type = :type LIMIT :limit
    )
"""
_KEY_COLUMN = "whatsapp_session_keys.value"
_CHANGING = ("session_data", "phone_number", "is_active", "paired", "updated_at")


class SqlSessionRows:
    """Sessions in SQL; a Signal key is stored under the blind index of its id, to which its value is bound.

    The id may contain a telephone number.
    """

    def __init__(self, connection: Connection, given: RowDependencies) -> None:
        self._connection = connection
        self._clock, self._vault, self._sealer = given.clock, given.vault, given.sealer
        self._rows, self._keys = given.tables.sessions, given.tables.session_keys
        self._histories = given.tables.histories
        rows = self._rows.c
        self._kept = (rows.session_data, rows.paired, rows.phone_number)
        self._check = RowCheck(self._rows.name, self._kept, given.cells)
        self._upsert_session = self._session_upsert()
        self._upsert_key = PreparedStatement(connection, self._key_upsert())
        keys = self._keys.c
        of_type = (keys.session_id == bindparam("session")) & (keys.type == bindparam("key_type"))
        self._delete_key = delete(self._keys).where(of_type, keys.key_id == bindparam("which"))
        self._some_keys = select(keys.key_id, keys.value).where(
            of_type, keys.key_id.in_(bindparam("which", expanding=True))
        )

    def get(self, session_id: SessionId) -> SessionData | None:
        kept = select(*self._kept).where(self._rows.c.session_id == session_id)
        row = self._connection.execute(kept).first()
        if row is None:
            return None
        self._check.faults(row, session_id)
        session_data, paired, phone_number = row
        credentials = self._opened_cell(session_id, "session_data", session_data)
        if credentials is None:
            raise WrongKeyError(column=f"{self._rows.name}.session_data")
        number = self._opened_cell(session_id, "phone_number", phone_number)
        # Only a paired session has a number.
        known = bool(number) if paired in (None, UNREADABLE) else paired
        return SessionData(session_id, credentials, known, Phone(number) if number else None)

    def save(self, session: SessionData) -> None:
        now = self._clock.now()
        values = {
            "session_id": session.session_id,
            "session_data": self._sealed_cell(session.session_id, "session_data", session.credentials),
            "phone_number": session.phone
            and self._sealed_cell(session.session_id, "phone_number", session.phone.number),
            "is_active": True,
            "paired": session.paired,
            "created_at": now,
            "updated_at": now,
        }
        self._connection.execute(self._upsert_session, values)

    def wipe(self, session_id: SessionId) -> None:
        for table in (self._rows, self._keys, self._histories):
            self._connection.execute(delete(table).where(table.c.session_id == session_id))

    def wipe_all(self) -> None:
        for table in (self._rows, self._keys, self._histories):
            self._connection.execute(delete(table))

    def keys(self, session_id: SessionId, key_type: str, ids: Sequence[str]) -> Mapping[str, str]:
        wanted = {self._key_index(session_id, key_type, key_id): key_id for key_id in ids}
        values = {"session": session_id, "key_type": key_type, "which": list(wanted)}
        found = self._connection.execute(self._some_keys, values).all()
        opened = {
            wanted[index]: text
            for index, value in found
            if (text := self._opened_key(session_id, key_type, wanted[index], index, value)) is not None
        }
        if len(opened) < len(found):
            unreadable = {"session": session_id, "type": key_type, "count": len(found) - len(opened)}
            _log.error("keys_unreadable", extra=unreadable)
        return opened

    def forget_ratchets(self, limit: int) -> int:
        forgotten = text(_FORGET).bindparams(type=_RATCHET, limit=limit)
        return self._connection.execute(forgotten).rowcount

    def save_keys(self, session_id: SessionId, changes: Mapping[str, Mapping[str, str | None]]) -> None:
        gone: list[dict[str, object]] = []
        for key_type, values in changes.items():
            for key_id, value in values.items():
                index = self._key_index(session_id, key_type, key_id)
                if value is None:
                    gone.append({"session": session_id, "key_type": key_type, "which": index})
                else:
                    sealed = self._vault.seal(value.encode(), key_context(session_id, key_type, index))
                    row = {"session_id": session_id, "type": key_type, "key_id": index, "value": sealed}
                    self._upsert_key.changed(row)
        if gone:
            self._connection.execute(self._delete_key, gone)

    def _opened_key(
        self, session_id: SessionId, key_type: str, key_id: str, index: bytes, value: object
    ) -> str | None:
        """Return the key's value, or None where it does not open: Signal then makes another, other keys are unharmed.

        The former format was bound to the id itself. It opens for good, since only this key has that id.
        """
        if not isinstance(value, bytes):
            return None
        former = f"{_KEY_COLUMN}\0{session_id}\0{key_type}\0{key_id}"
        try:
            return self._vault.open(value, key_context(session_id, key_type, index), former).decode()
        except (WrongKeyError, UnicodeDecodeError):
            return None

    def _sealed_cell(self, session_id: SessionId, column: str, text: str) -> bytes:
        return self._sealer.seal(self._rows.name, column, session_id, text)

    def _opened_cell(self, session_id: SessionId, column: str, cell: object) -> str | None:
        """Open a cell of the session; the former format was bound to the session already."""
        former = cell_context(self._rows.name, column, session_id)
        return self._sealer.open(self._rows.name, column, session_id, cell, former)

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


def key_context(session_id: str, key_type: str, index: bytes) -> str:
    """Return the context of a key's value; it opens only under the key that it was saved as."""
    return f"{_KEY_COLUMN}\0{session_id}\0{key_type}\0{index.hex()}"
