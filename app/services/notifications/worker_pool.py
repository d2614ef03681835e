"""Worker pool: one worker for each WhatsApp session."""

import asyncio
from collections.abc import Iterator, Sequence

from app.domain.identifiers import SessionId
from app.services.notifications.pause_switch import PauseSwitch
from app.services.notifications.records import ProcessResult
from app.services.notifications.worker import Worker


class WorkerPool:
    """Runs the sessions side by side, each with several messages in flight (Q8)."""

    def __init__(self, workers: Sequence[Worker], pause: PauseSwitch) -> None:
        self._workers = tuple(workers)
        self._by_session = {worker.session_id: worker for worker in workers}
        self.pause = pause

    def __iter__(self) -> Iterator[Worker]:
        return iter(self._workers)

    def wake(self) -> None:
        """Wake each worker to look for due messages."""
        for worker in self._workers:
            worker.wake()

    async def turn(self, session_id: SessionId | None = None) -> list[ProcessResult]:
        """Take one turn of this session's worker, or of all side by side.

        A failure in one of several is raised after the others have ended theirs.
        """
        if session_id is not None:
            return await self._by_session[session_id].turn()
        turns = await asyncio.gather(*(worker.turn() for worker in self._workers), return_exceptions=True)
        results: list[ProcessResult] = []
        for ended in turns:
            if isinstance(ended, BaseException):
                raise ended
            results += ended
        return results

    async def finish(self) -> None:
        """Let no worker begin an attempt any more; return once the attempts in flight are settled."""
        await asyncio.gather(*(worker.finish() for worker in self._workers))
