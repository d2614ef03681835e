"""What WhatsApp said about numbers, in SQL."""

import json
from dataclasses import asdict

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from app.adapters.sqlite.tables import Tables
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.phone import Phone


class SqlNumberRows:
    def __init__(self, connection: Connection, tables: Tables) -> None:
        self._connection = connection
        self._vault = tables.vault
        self._rows = tables.numbers
        new = insert(self._rows)
        kept = {name: new.excluded[name] for name in ("account", "checked_at")}
        self._upsert = new.on_conflict_do_update(index_elements=["phone_index"], set_=kept)

    def get(self, phone: Phone) -> KnownNumber | None:
        rows = self._rows.c
        known = select(rows.account, rows.checked_at).where(rows.phone_index == self._index(phone))
        row = self._connection.execute(known).first()
        if row is None:
            return None
        account, checked_at = row
        return KnownNumber(
            phone, None if account is None else WhatsAppAccount(**json.loads(account)), checked_at
        )

    def save(self, known: KnownNumber) -> None:
        values = {
            "phone_index": self._index(known.phone),
            "phone": known.phone.number,
            "account": None if known.account is None else json.dumps(asdict(known.account)),
            "checked_at": known.checked_at,
        }
        self._connection.execute(self._upsert, values)

    def _index(self, phone: Phone) -> bytes:
        return self._vault.blind_index("phone", phone.number)
