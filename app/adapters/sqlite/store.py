"""The Store on disk: one thread that writes, another that reads and stands in nobody's way."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from app.adapters.sqlite.connection_thread import ConnectionThread
from app.adapters.sqlite.engine import BUSY_MS, reading_engine, writing_engine
from app.adapters.sqlite.file_guard import FileGuard
from app.adapters.sqlite.key_rows import keep_wraps
from app.adapters.sqlite.rows import SqlRows
from app.adapters.sqlite.tables import Tables
from app.ports.clock import Clock
from app.ports.store import Rows
from app.ports.vault import Vault, WrappedKey

T = TypeVar("T")

_SHED_WITHIN_MS: Final = 50
# What waits while a disk makes the last commit safe is made safe by the next one, all together.
_MOST_TOGETHER: Final = 16


class SqliteStore:
    def __init__(self, path: Path, vault: Vault, clock: Clock) -> None:
        tables = Tables(vault)
        self._writer = ConnectionThread(writing_engine(path), "database", _MOST_TOGETHER)
        self._guard = self._writer.guarded_by(FileGuard(path))
        self._reader = ConnectionThread(reading_engine(path), "database-reader")
        self._written = SqlRows(self._writer.connection, tables, clock)
        self._seen = SqlRows(self._reader.connection, tables, clock)
        self._closed = False

    async def transact(self, work: Callable[[Rows], T]) -> T:
        return await self._writer.run(lambda: work(self._written))

    async def read(self, work: Callable[[Rows], T]) -> T:
        return await self._reader.run(lambda: work(self._seen))

    async def keep_wraps(self, wraps: Sequence[WrappedKey], place: str) -> None:
        """Replace the wrapped keys: on disk before anything is sealed, or any phrase shown, that needs them."""
        connection = self._writer.connection
        await self._writer.run(lambda: keep_wraps(connection, wraps, place))

    async def shed_log(self) -> None:
        """Waits only a moment for readers: whoever writes next is waiting too."""
        await self._writer.say(
            f"PRAGMA busy_timeout={_SHED_WITHIN_MS}",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            f"PRAGMA busy_timeout={BUSY_MS}",
        )

    async def close(self) -> None:
        """Everything ends up in the one database file; harmless when repeated."""
        if self._closed:
            return
        self._closed = True
        if self._guard.database_lost:
            # While the reader is there, the writer leaves alone what now stands in the database's place.
            await self._writer.close()
            await self._reader.close()
            return
        await self._reader.close()
        await self._writer.close("PRAGMA wal_checkpoint(TRUNCATE)")
