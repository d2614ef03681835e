"""Which revision of the tables a database has, told without the machinery that changes it."""

from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

NEWEST: Final = "0009"
"""That of the last migration; a test compares the two."""


def is_newest(connection: Connection) -> bool:
    """Anything else is for the migrations to look at: older, newer, or none of ours."""
    try:
        kept = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    except OperationalError:
        return False
    return list(kept) == [NEWEST]
