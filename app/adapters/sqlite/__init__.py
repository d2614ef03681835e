"""SQLite adapter of the Store port: the local database."""

from app.adapters.sqlite.opening import DatabaseKind, OpenedDatabase, open_database
from app.adapters.sqlite.store import SqliteStore

__all__ = ["DatabaseKind", "OpenedDatabase", "SqliteStore", "open_database"]
