"""Schema revision of a database, read without importing Alembic."""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

NEWEST: Final = "0015"
"""Revision of the last migration; a test compares the two."""


def is_newest(connection: Connection) -> bool:
    """Return whether the schema is current; older, newer and foreign ones are for the migrations to tell apart."""
    try:
        kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    except OperationalError:
        return False
    return list(kept) == [NEWEST]
