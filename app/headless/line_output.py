"""Line output: a thread of its own writes to a pipe or terminal, so an unread stdout never blocks the engine."""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from threading import Condition, Thread
from typing import Final

MOST_EVENTS: Final = 2000
MOST_ANSWERS: Final = 1000

Write = Callable[[bytes], None]


class LineOutput:
    """Bounded queue of output lines: excess events are dropped and counted, answers never.

    Backpressure: while `MOST_ANSWERS` answers are unwritten, `room` waits. `on_drop` makes the line that reports
    dropped events.
    """

    def __init__(self, write: Write, on_drop: Callable[[int], bytes], most_events: int = MOST_EVENTS) -> None:
        self._write, self._on_drop, self._most_events = write, on_drop, most_events
        self._lines: deque[tuple[bytes, bool]] = deque()
        self._events = self._answers = self._dropped = self._finished = 0
        self._writing = self._closing = self._gone = False
        self._changed = Condition()
        self._listeners: list[Callable[[], None]] = []
        # A daemon: a write to a full pipe cannot be interrupted, and the program must be able to end.
        Thread(target=self._run, name="output", daemon=True).start()

    @property
    def gone(self) -> bool:
        """Whether the reader has left."""
        return self._gone

    def event(self, line: bytes) -> None:
        """Queue a line that may be dropped."""
        with self._changed:
            if self._gone or self._events >= self._most_events:
                self._dropped += 1
                return
            self._tell_dropped()
            self._put(line, is_answer=False)

    def answer(self, line: bytes) -> None:
        """Queue a line that is never dropped while there is a reader."""
        with self._changed:
            if not self._gone:
                self._put(line, is_answer=True)

    async def room(self) -> None:
        """Wait until another answer may be requested; returns at once where the reader has left."""
        await self._until(lambda: self._gone or self._answers < MOST_ANSWERS)

    async def until_gone(self) -> None:
        """Wait for the reader to leave."""
        await self._until(lambda: self._gone)

    def close(self, patience: timedelta) -> None:
        """Write the queued lines; give up when no line was read for `patience`."""
        with self._changed:
            self._tell_dropped()
            self._closing = True
            self._changed.notify_all()
            while (self._lines or self._writing) and not self._gone:
                if not self._wait_for_line(patience):
                    return

    def _wait_for_line(self, patience: timedelta) -> bool:
        """Return whether a line was written, or the reader left, in this time.

        Lines are counted: between two of them the queue is as long as while the first was being written.
        """
        finished = self._finished
        return self._changed.wait_for(
            lambda: self._gone or self._finished != finished, patience.total_seconds()
        )

    def _put(self, line: bytes, *, is_answer: bool) -> None:
        self._lines.append((line, is_answer))
        self._answers += is_answer
        self._events += not is_answer
        self._changed.notify_all()

    def _tell_dropped(self) -> None:
        if self._dropped:
            dropped, self._dropped = self._dropped, 0
            self._put(self._on_drop(dropped), is_answer=False)

    async def _until(self, done: Callable[[], bool]) -> None:
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def listener() -> None:
            loop.call_soon_threadsafe(changed.set)

        with self._changed:
            self._listeners.append(listener)
        try:
            while not done():
                await changed.wait()
                changed.clear()
        finally:
            with self._changed:
                self._listeners.remove(listener)

    def _run(self) -> None:
        while (taken := self._take()) is not None:
            line, is_answer = taken
            try:
                self._write(line)
            except OSError:
                self._leave()
                return
            self._written(is_answer=is_answer)

    def _take(self) -> tuple[bytes, bool] | None:
        with self._changed:
            while not self._lines and not self._closing:
                self._changed.wait()
            self._writing = bool(self._lines)
            return self._lines.popleft() if self._lines else None

    def _written(self, *, is_answer: bool) -> None:
        with self._changed:
            self._writing = False
            self._finished += 1
            self._answers -= is_answer
            self._events -= not is_answer
            self._notify()

    def _leave(self) -> None:
        with self._changed:
            self._gone, self._writing = True, False
            self._lines.clear()
            self._notify()

    def _notify(self) -> None:
        self._changed.notify_all()
        for listener in self._listeners:
            # A closed loop has no waiters.
            try:
                listener()
            except RuntimeError:
                continue


def writer_to(descriptor: int) -> Write:
    """Return an unbuffered writer: Python's own stream would keep a lock that its shutdown waits for."""

    def write(line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(descriptor, rest) :]

    return write
