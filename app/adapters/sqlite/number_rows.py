"""What WhatsApp said about numbers, in SQL."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.prepared import Prepared
from app.adapters.sqlite.tables import Tables
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.identifiers import SessionId
from app.domain.phone import Phone


class SqlNumberRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.numbers
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in ("account", "checked_at", "lid_index")}
        self._upsert = new.on_conflict_do_update(index_elements=["phone_index"], set_=kept)
        known = select(self._rows.c.account, self._rows.c.checked_at)
        self._get = Prepared(connection, known.where(self._rows.c.phone_index == bindparam("which")))

    def get(self, phone: Phone) -> KnownNumber | None:
        row = self._get.first({"which": self._index(phone)})
        if row is None:
            return None
        account, checked_at = row
        return KnownNumber(phone, _account(account), checked_at)

    def by_lid(self, lid: str) -> Sequence[KnownNumber]:
        rows = self._rows.c
        found = select(rows.phone, rows.account, rows.checked_at).where(
            rows.lid_index == self._lid_index(lid)
        )
        return [
            KnownNumber(Phone(phone), _account(account), checked_at)
            for phone, account, checked_at in self._connection.execute(found.order_by(rows.checked_at.desc()))
        ]

    def save(self, known: KnownNumber) -> None:
        values = {
            "phone_index": self._index(known.phone),
            "phone": known.phone.number,
            "account": None if known.account is None else json.dumps(asdict(known.account)),
            "checked_at": known.checked_at,
            "lid_index": self._lid_index(known.account.lid) if known.account and known.account.lid else None,
        }
        self._connection.execute(self._upsert, values)

    def suspect(self, phone: Phone, session_id: SessionId) -> None:
        known = self._rows.c.phone_index == self._index(phone)
        self._connection.execute(update(self._rows).where(known).values(suspect_of=session_id))

    def suspects(self, session_id: SessionId) -> Sequence[KnownNumber]:
        rows = self._rows.c
        chosen = select(rows.phone, rows.account, rows.checked_at).where(rows.suspect_of == session_id)
        return [
            KnownNumber(Phone(phone), _account(account), checked_at)
            for phone, account, checked_at in self._connection.execute(chosen)
        ]

    def clear_suspects(self, phones: Sequence[Phone]) -> None:
        known = self._rows.c.phone_index.in_([self._index(phone) for phone in phones])
        self._connection.execute(update(self._rows).where(known).values(suspect_of=None))

    def _index(self, phone: Phone) -> bytes:
        return self._vault.blind_index("phone", phone.number)

    def _lid_index(self, lid: str) -> bytes:
        return self._vault.blind_index("lid", lid)


def _account(kept: str | None) -> WhatsAppAccount | None:
    return None if kept is None else WhatsAppAccount(**json.loads(kept))
