"""Rows of the vault's wrapped keys, and the name of the device key's source."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.adapters.sqlite.plain_tables import vault_keys
from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.unreadable_cells import RowCheck, UnreadableCells
from app.ports.vault import WrappedKey

_PLACE: Final = "key_place"


def kept_wraps(connection: Connection, cells: UnreadableCells) -> tuple[WrappedKey, ...]:
    """Return the readable wrapped keys; the vault reports a needed one that is missing."""
    rows = vault_keys.c
    columns = (rows.key_id, rows.purpose, rows.wrapped_for, rows.wrapped)
    check = RowCheck(vault_keys.name, columns, cells)
    found = connection.execute(select(*columns).order_by(rows.key_id))
    return tuple(WrappedKey(*row) for row in found if check.reads(row))


def kept_place(connection: Connection, cells: UnreadableCells) -> str | None:
    return SqlSettingRows(connection, cells).get(_PLACE)


def keep_wraps(connection: Connection, wraps: Sequence[WrappedKey], place: str) -> None:
    """Replace the wrapped keys and their source, within the caller's transaction."""
    connection.execute(delete(vault_keys))
    connection.execute(
        insert(vault_keys),
        [
            {
                "key_id": wrap.key_id,
                "purpose": wrap.purpose.value,
                "wrapped_for": wrap.wrapped_for.value,
                "wrapped": wrap.wrapped,
            }
            for wrap in wraps
        ],
    )
    SqlSettingRows(connection, UnreadableCells()).set(_PLACE, place)
