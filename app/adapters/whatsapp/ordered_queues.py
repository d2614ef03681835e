"""Keeps what the sidecar says in its order, lane by lane, without one lane standing in front of another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

Work = Callable[[], Awaitable[Any]]

# As many as one commit of the database makes safe; many may come at once after a while without a connection.
_MOST_SIDE_BY_SIDE: Final = 16
_SIDE_BY_SIDE: Final = frozenset({"receipts", "keys.set", "about_to_write"})


class OrderedQueue:
    """Does one thing after the other; a failure is logged by its type alone and harms nobody behind it."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: asyncio.Queue[_Entry | None] = asyncio.Queue()
        self._side_by_side: set[asyncio.Task[None]] = set()
        self._finished = False

    def add(self, work: Work, *, side_by_side: bool = False) -> asyncio.Event:
        """Queue `work`; the event is set when it is over, in whatever way.

        What may run side by side does not wait for its like to end, only for it to begin; all else waits for it.
        """
        over = asyncio.Event()
        if self._finished:
            over.set()
        else:
            self._waiting.put_nowait(_Entry(work, over, side_by_side))
        return over

    def finish(self) -> None:
        """End `run` once everything queued so far is done; what is added now is never begun."""
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
        """Nobody waits for what will never be begun."""
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
    """Requests in order per family (`keys.get` and `keys.set` are one family), notices in order among themselves.

    `receipts` or an `inbound` are asked, and have their place among the notices: whoever hears `drained` has heard the
    receipts that waited at WhatsApp. Receipts that follow each other are begun in order. A
    notice that came after a `creds.save` waits until those credentials are saved: whoever hears of a pairing or a
    close can rely on what is on disk.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._notices = OrderedQueue(log)
        self._families = {
            family: OrderedQueue(log) for family in ("keys", "creds", "sent_text", "about_to_write")
        }

    def request(self, method: str, work: Work) -> None:
        family = method.partition(".")[0]
        lane = self._families.get(family, self._notices)
        saved = lane.add(work, side_by_side=method in _SIDE_BY_SIDE)
        if family == "creds":
            self._notices.add(saved.wait)

    def notice(self, work: Work) -> None:
        self._notices.add(work)

    async def keys_taken_up(self) -> None:
        """Return when every change of keys that has come is with the store: what is given to it next comes behind."""
        await self._families["keys"].add(_nothing, side_by_side=True).wait()

    def finish(self) -> None:
        for lane in (self._notices, *self._families.values()):
            lane.finish()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for lane in (self._notices, *self._families.values()):
                tasks.create_task(lane.run())
