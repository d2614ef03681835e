"""SQLite connections to the database file: one for writing, others read-only."""

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

from app.domain.errors import DatabaseUnreadableError

BUSY_MS: Final = 5000
_CACHED_STATEMENTS: Final = 256
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
_WAL: Final = "PRAGMA journal_mode=WAL"


def writing_engine(path: Path) -> Engine:
    """Engine with immediate transactions, durable at commit (`synchronous=FULL`, Q1)."""
    durable = (*_PRAGMAS, _WAL, "PRAGMA synchronous=FULL")
    return _engine(path.absolute().as_uri() + "?mode=rw", durable, "BEGIN IMMEDIATE")


def reading_engine(path: Path) -> Engine:
    # A first read: from then on the connection holds SQLite's shared lock until it is closed.
    """Engine of a read-only connection (`query_only`)."""
    looking = (*_PRAGMAS, "PRAGMA query_only=ON", "SELECT 1 FROM sqlite_master LIMIT 1")
    return _engine(path.absolute().as_uri() + "?mode=ro", looking, "BEGIN")


def _engine(uri: str, pragmas: tuple[str, ...], begin: str) -> Engine:
    """Engine without a pool: its one connection stays in the thread that opened it."""

    def connect() -> sqlite3.Connection:
        # Autocommit mode: the driver's own transactions begin late and never as immediate ones.
        connection = sqlite3.connect(
            uri, uri=True, isolation_level=None, cached_statements=_CACHED_STATEMENTS
        )
        connection.text_factory = _text_or_bytes
        try:
            for pragma in pragmas:
                _run(connection, pragma)
        except BaseException:
            connection.close()
            raise
        return connection

    # Phones and texts are parameters; hidden, they never appear in an error.
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    def begin_transaction(connection: Connection) -> None:
        # Directly on the driver: SQLAlchemy takes as long over this one word as SQLite over a whole row.
        connection.connection.cursor().execute(begin)

    event.listen(engine, "begin", begin_transaction)
    return engine


def _run(connection: sqlite3.Connection, statement: str) -> None:
    """Execute one pragma; raise DatabaseUnreadableError where SQLite silently keeps its other journal.

    It does so on a disk without shared memory or locks.
    """
    if connection.execute(statement).fetchall() != [("wal",)] and statement == _WAL:
        raise DatabaseUnreadableError(reason="no_locks")


def _text_or_bytes(raw: bytes) -> str | bytes:
    """Decode text, or return the bytes where it is not UTF-8.

    The driver itself would fail the whole statement, and every row with it.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
