"""Keeps what the sidecar says in its order, lane by lane, without one lane standing in front of another."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

Work = Callable[[], Awaitable[Any]]


class Lane:
    """Does one thing after the other; a failure is logged by its type alone and harms nobody behind it."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._waiting: asyncio.Queue[tuple[Work, asyncio.Event] | None] = asyncio.Queue()

    def add(self, work: Work) -> asyncio.Event:
        """Queue `work`; the event is set when it is over, in whatever way."""
        over = asyncio.Event()
        self._waiting.put_nowait((work, over))
        return over

    def finish(self) -> None:
        """End `run` once everything queued so far is done."""
        self._waiting.put_nowait(None)

    async def run(self) -> None:
        while next_one := await self._waiting.get():
            work, over = next_one
            task = asyncio.get_running_loop().create_task(_awaited(work))
            try:
                await asyncio.wait({task})
            finally:
                task.cancel()
                over.set()
            if not task.cancelled() and (failure := task.exception()):
                self._log.error(
                    "a message of the sidecar could not be dealt with: %s", type(failure).__name__
                )


async def _awaited(work: Work) -> None:
    await work()


class Lanes:
    """Requests in order per family (`keys.get` and `keys.set` are one family), notices in order among themselves.

    A `receipt` is asked, and has its place among the notices: whoever hears `drained` has heard the receipts that
    waited at WhatsApp. A notice that came after a `creds.save` waits until those credentials are saved: whoever hears
    of a pairing or a close can rely on what is on disk.
    """

    def __init__(self, log: logging.Logger) -> None:
        self._notices = Lane(log)
        self._families = {family: Lane(log) for family in ("keys", "creds", "sent_text")}

    def request(self, method: str, work: Work) -> None:
        family = method.partition(".")[0]
        saved = self._families.get(family, self._notices).add(work)
        if family == "creds":
            self._notices.add(saved.wait)

    def notice(self, work: Work) -> None:
        self._notices.add(work)

    def finish(self) -> None:
        for lane in (self._notices, *self._families.values()):
            lane.finish()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for lane in (self._notices, *self._families.values()):
                tasks.create_task(lane.run())
