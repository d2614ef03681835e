"""Ordered queues of the sidecar's messages; no queue blocks another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

Work = Callable[[], Awaitable[Any]]

# Bounded concurrency: as many as one group commit; a backlog may arrive at once after a reconnect.
_MOST_SIDE_BY_SIDE: Final = 16
_SIDE_BY_SIDE: Final = frozenset({"receipts", "mappings", "chat_timers", "keys.set", "about_to_write"})


class OrderedQueue:
    """Ordered queue of work; a failure is logged by its type alone and affects no later entry."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: asyncio.Queue[_Entry | None] = asyncio.Queue()
        self._side_by_side: set[asyncio.Task[None]] = set()
        self._finished = False

    def add(self, work: Work, *, side_by_side: bool = False) -> asyncio.Event:
        """Queue `work`; the event is set when it is over, by success, failure or cancellation.

        Side-by-side work waits only for earlier side-by-side work to begin; all other work waits for it to end.
        """
        over = asyncio.Event()
        if self._finished:
            over.set()
        else:
            self._waiting.put_nowait(_Entry(work, over, side_by_side))
        return over

    def finish(self) -> None:
        """End `run` once all work queued so far is done; work added later is never begun."""
        self._finished = True
        self._waiting.put_nowait(None)

    async def run(self) -> None:
        try:
            while entry := await self._waiting.get():
                await self._make_room_for(entry)
                self._begin(entry)
                if not entry.side_by_side:
                    await self._make_room(0)
            await self._make_room(0)
        finally:
            self._finished = True
            for task in tuple(self._side_by_side):
                task.cancel()
            self._release()

    def _release(self) -> None:
        """Set the events of entries that will never begin, so that their waiters go on."""
        while not self._waiting.empty():
            if entry := self._waiting.get_nowait():
                entry.over.set()

    async def _make_room_for(self, entry: "_Entry") -> None:
        try:
            await self._make_room(0 if not entry.side_by_side else _MOST_SIDE_BY_SIDE - 1)
        except asyncio.CancelledError:
            entry.over.set()
            raise

    async def _make_room(self, most: int) -> None:
        while len(self._side_by_side) > most:
            await asyncio.wait(self._side_by_side, return_when=asyncio.FIRST_COMPLETED)

    def _begin(self, entry: "_Entry") -> None:
        task = asyncio.get_running_loop().create_task(_awaited(entry.work))
        self._side_by_side.add(task)
        task.add_done_callback(lambda _: self._ended(task, entry.over))

    def _ended(self, task: "asyncio.Task[None]", over: asyncio.Event) -> None:
        self._side_by_side.discard(task)
        over.set()
        if not task.cancelled() and (failure := task.exception()):
            self._log.error("a message of the sidecar could not be dealt with: %s", type(failure).__name__)


@dataclass(frozen=True, slots=True)
class _Entry:
    work: Work
    over: asyncio.Event
    side_by_side: bool


async def _awaited(work: Work) -> None:
    await work()


async def _nothing() -> None: ...


class OrderedQueues:
    """Ordered queues of one session: requests per family, notices among themselves.

    `keys.get` and `keys.set` are one family. `receipts`, `inbound`, `mappings` and `chat_timers` are requests, and have
    their place among the notices: a listener that is notified of `drained` has received the receipts that waited at
    WhatsApp. Consecutive receipts, mappings and timers begin in order and do not wait for each other. A notice after a
    `creds.save` waits until those credentials are saved: a listener that is notified of a pairing or a close can rely
    on the stored state.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._notices = OrderedQueue(log)
        self._families = {
            family: OrderedQueue(log)
            for family in ("keys", "creds", "sent_text", "about_to_write", "history_notice")
        }

    def request(self, method: str, work: Work) -> None:
        family = method.partition(".")[0]
        queue = self._families.get(family, self._notices)
        saved = queue.add(work, side_by_side=method in _SIDE_BY_SIDE)
        if family == "creds":
            self._notices.add(saved.wait)

    def notice(self, work: Work) -> None:
        self._notices.add(work)

    async def keys_taken_up(self) -> None:
        """Return when all received key changes are queued at the store; later transactions come after them."""
        await self._families["keys"].add(_nothing, side_by_side=True).wait()

    def finish(self) -> None:
        for queue in (self._notices, *self._families.values()):
            queue.finish()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for queue in (self._notices, *self._families.values()):
                tasks.create_task(queue.run())
