"""The Store on disk: one writer thread, a reader for the queue, a reader for screens."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.adapters.sqlite.alias_completion import are_aliases_complete, complete_aliases
from app.adapters.sqlite.cell_sealer import CellSealer
from app.adapters.sqlite.connection_thread import ConnectionThread
from app.adapters.sqlite.customer_index import AddressIndexes
from app.adapters.sqlite.engine import BUSY_MS, reading_engine, writing_engine
from app.adapters.sqlite.file_guard import FileGuard
from app.adapters.sqlite.integrity import check_file
from app.adapters.sqlite.key_rows import keep_wraps
from app.adapters.sqlite.row_dependencies import RowDependencies
from app.adapters.sqlite.sealing_rows import former_opens
from app.adapters.sqlite.tables import Tables
from app.adapters.sqlite.unit_of_work import SqlRows
from app.adapters.sqlite.unreadable_cells import UnreadableCells
from app.domain.errors import DatabaseUnreadableError
from app.ports.clock import Clock
from app.ports.entropy import Entropy
from app.ports.store import Rows
from app.ports.vault import Vault, WrappedKey

T = TypeVar("T")

_SHED_WITHIN_MS: Final = 50
# Group commit: units of work that wait during one commit share the next one.
_MOST_TOGETHER: Final = 16


class SqliteStore:
    """SQLite store; each unit of work is one atomic transaction in the writer's thread."""

    def __init__(self, path: Path, vault: Vault, clock: Clock, entropy: Entropy) -> None:
        self._path, self._unreadable = path, UnreadableCells()
        self._listeners: list[Callable[[str], None]] = []
        with ExitStack() as opened:
            self._writer = ConnectionThread(writing_engine(path), "database", _MOST_TOGETHER)
            opened.callback(self._writer.abandon)
            self._guard = self._writer.guarded_by(FileGuard(path))
            self._reader = ConnectionThread(reading_engine(path), "database-reader")
            opened.callback(self._reader.abandon)
            self._viewer = ConnectionThread(reading_engine(path), "database-viewer")
            opened.callback(self._viewer.abandon)
            sealer = CellSealer(vault, self._unreadable, former_opens=True)
            indexes = AddressIndexes(vault)
            given = RowDependencies(Tables(), vault, sealer, self._unreadable, clock, entropy, indexes)
            self._written = SqlRows(self._writer.connection, given)
            self._seen = SqlRows(self._reader.connection, given)
            self._shown = SqlRows(self._viewer.connection, given)
            event.listen(self._writer.connection, "rollback", lambda _: self._written.forget())
            self._closed = False
            sealer.former_opens = self._reader.run_blocking(lambda: self._check_tables(given.tables))
            if not self._reader.run_blocking(lambda: are_aliases_complete(self._seen.settings)):
                self._writer.run_blocking(
                    lambda: complete_aliases(self._writer.connection, given, self._written)
                )
            opened.pop_all()

    async def transact(self, work: Callable[[Rows], T]) -> T:
        try:
            return await self._writer.run(lambda: self._unit(work))
        finally:
            self._report_unreadable()

    def _unit(self, work: Callable[[Rows], T]) -> T:
        try:
            return work(self._written)
        except BaseException:
            # Its writes are undone, and what it looked up after them never was.
            self._written.forget()
            raise

    async def read(self, work: Callable[[Rows], T]) -> T:
        try:
            return await self._reader.run(lambda: work(self._seen.refreshed()))
        finally:
            self._report_unreadable()

    async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
        try:
            return await self._viewer.run(lambda: work(self._shown.refreshed()))
        finally:
            self._report_unreadable()

    def on_unreadable(self, listener: Callable[[str], None]) -> None:
        self._listeners.append(listener)

    async def keep_wraps(self, wraps: Sequence[WrappedKey], place: str) -> None:
        """Replace the wrapped keys durably: before a cell is sealed, or a phrase shown, that needs them."""
        connection = self._writer.connection
        await self._writer.run(lambda: keep_wraps(connection, wraps, place))

    def _check_tables(self, tables: Tables) -> bool:
        """Return whether the former format still opens; raise DatabaseUnreadableError where a table lost a column.

        A damaged schema is worse than a damaged row: every statement on that table would fail.
        """
        for table in tables.metadata.sorted_tables:
            columns = ", ".join(column.name for column in table.c)
            try:
                self._reader.connection.exec_driver_sql(f"SELECT {columns} FROM {table.name} LIMIT 0")  # noqa: S608 - ours
            except OperationalError as error:
                raise DatabaseUnreadableError(reason="corrupt") from error
        return former_opens(self._seen.settings)

    def _report_unreadable(self) -> None:
        """Report unreadable tables to the listeners, in the event loop like events.

        Findings from before the first subscription go to the first listener.
        """
        if self._listeners:
            for table in self._unreadable.fresh():
                for listener in self._listeners:
                    listener(table)

    async def check(self) -> None:
        await check_file(self._path)

    async def shed_log(self) -> None:
        """Truncate the write-ahead log; waits only 50 ms for readers, since the next writer waits too."""
        await self._writer.execute(
            f"PRAGMA busy_timeout={_SHED_WITHIN_MS}",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            f"PRAGMA busy_timeout={BUSY_MS}",
        )

    async def close(self) -> None:
        """Close all connections, with all data moved into the one database file; idempotent."""
        if self._closed:
            return
        self._closed = True
        if self._guard.database_lost:
            # While readers hold the file, SQLite's writer leaves the foreign database in the place of ours untouched.
            try:
                await self._writer.close()
            finally:
                await self._close_readers()
            return
        try:
            await self._close_readers()
        finally:
            await self._writer.close("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _close_readers(self) -> None:
        try:
            await self._viewer.close()
        finally:
            await self._reader.close()
