"""Credentials of one session: in memory at once, on disk as soon as the database accepts them."""

from app.domain.identifiers import SessionId
from app.domain.session import SessionData
from app.ports.clock import Clock
from app.ports.histories import history_setting
from app.ports.store import Rows, Store
from app.services.background_tasks import TRANSIENT_ERRORS, BackgroundTasks, run_with_retries


class StoredSession:
    """Newest credentials, which the next connection uses whether they are on disk yet or not."""

    def __init__(self, session_id: SessionId, store: Store, clock: Clock, tasks: BackgroundTasks) -> None:
        self._session_id = session_id
        self._store, self._clock, self._tasks = store, clock, tasks
        self._unsaved: SessionData | None = None
        self._retrying = False
        self.data = SessionData(session_id, credentials="", paired=False)

    async def restore(self) -> bool:
        """Load the stored credentials; return whether they belong to a paired session (S2). Raises WrongKeyError."""
        kept = await self._store.read(lambda rows: rows.sessions.get(self._session_id))
        if kept is None or not kept.paired:
            return False
        self.data = kept
        return True

    async def save(self, data: SessionData) -> None:
        """Save the credentials to disk before returning; losing them means pairing again.

        If it raises, the write is retried in the background: the sidecar sends credentials only once.
        """
        self.data = self._unsaved = data
        try:
            await self._write()
        except TRANSIENT_ERRORS:
            if not self._retrying:
                self._retrying = True
                self._tasks.start(self._write_with_retries(), "save_session")
            raise

    async def forget(self) -> None:
        """Wipe the session; unsaved credentials are dropped, so that a retry does not restore them."""
        unsaved, self._unsaved = self._unsaved, None
        try:
            await self._store.transact(self._wipe)
        except BaseException:
            self._unsaved = unsaved
            raise
        self.data = SessionData(self._session_id, credentials="", paired=False)

    def _wipe(self, rows: Rows) -> None:
        """Delete the session with its keys, the privacy tokens of a history among them."""
        rows.sessions.wipe(self._session_id)
        rows.settings.set(history_setting(self._session_id), "")

    async def _write_with_retries(self) -> None:
        try:
            await run_with_retries(self._write, self._clock)
        finally:
            self._retrying = False

    async def _write(self) -> None:
        data = self._unsaved
        if data is None:
            return
        await self._store.transact(lambda rows: rows.sessions.save(data))
        if self._unsaved is data:
            self._unsaved = None
