"""The wrapped keys of the vault and the name of the place where the device key is kept, in SQL."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from app.adapters.sqlite.setting_rows import SqlSettingRows
from app.adapters.sqlite.tables import vault_keys
from app.ports.vault import KeyPurpose, WrappedFor, WrappedKey

_PLACE: Final = "key_place"


def kept_wraps(connection: Connection) -> tuple[WrappedKey, ...]:
    rows = vault_keys.c
    all_wraps = select(rows.key_id, rows.purpose, rows.wrapped_for, rows.wrapped).order_by(rows.key_id)
    return tuple(
        WrappedKey(key_id, KeyPurpose(purpose), WrappedFor(wrapped_for), wrapped)
        for key_id, purpose, wrapped_for, wrapped in connection.execute(all_wraps)
    )


def kept_place(connection: Connection) -> str | None:
    return SqlSettingRows(connection).get(_PLACE)


def keep_wraps(connection: Connection, wraps: Sequence[WrappedKey], place: str) -> None:
    """In place of those that are there; within the caller's transaction."""
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
    SqlSettingRows(connection).set(_PLACE, place)
