"""Line output in a thread of its own: bounded, flushed on request, never awaited by the engine."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Semaphore

import pytest

from app.headless.line_output import MOST_ANSWERS, LineOutput, writer_to
from app.services.background_tasks import BackgroundTasks
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("Z5")
_PATIENCE = timedelta(seconds=10)
_AT_ONCE = timedelta(0)


class HeldReader:
    """A pipe that is full until `read` is set."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []
        self.read, self.begun, self.written = Event(), Event(), Semaphore(0)

    def write(self, line: bytes) -> None:
        self.begun.set()
        self.read.wait()
        self.lines.append(line)
        self.written.release()


@contextmanager
def held_output(most_events: int) -> Iterator[tuple[LineOutput, HeldReader]]:
    """Output whose first line is being written, and stays so until the reader reads."""
    reader = HeldReader()
    output = LineOutput(reader.write, lambda count: b"dropped %d" % count, most_events)
    output.answer(b"first")
    assert reader.begun.wait(_PATIENCE.total_seconds())
    try:
        yield output, reader
    finally:
        reader.read.set()
        output.close(_PATIENCE)


def test_line_output_drops_and_counts_events_beyond_its_bound() -> None:
    with held_output(most_events=2) as (output, reader):
        for number in range(5):
            output.event(b"event %d" % number)
        output.answer(b"answer")
        reader.read.set()
        output.close(_PATIENCE)
        assert reader.lines == [b"first", b"event 0", b"event 1", b"answer", b"dropped 3"]


def test_line_output_tells_what_was_dropped_before_the_next_event() -> None:
    with held_output(most_events=1) as (output, reader):
        output.event(b"kept")
        output.event(b"lost")
        reader.read.set()
        for _ in ("first", "kept"):
            assert reader.written.acquire(timeout=_PATIENCE.total_seconds())
        output.event(b"next")
        output.close(_PATIENCE)
        assert reader.lines == [b"first", b"kept", b"dropped 1", b"next"]


def test_line_output_has_room_again_once_answers_are_read() -> None:
    async def story(output: LineOutput, reader: HeldReader) -> None:
        for number in range(MOST_ANSWERS - 1):
            output.answer(b"answer %d" % number)
        waiting = BackgroundTasks().start(output.room(), "room")
        await let_tasks_run()
        assert not waiting.done()
        reader.read.set()
        await asyncio.wait_for(waiting, _PATIENCE.total_seconds())

    with held_output(most_events=1) as held:
        asyncio.run(story(*held))


def test_line_output_gives_up_at_the_end_when_nothing_is_read() -> None:
    with held_output(most_events=1) as (output, reader):
        output.answer(b"unread")
        output.close(_AT_ONCE)
        assert reader.lines == []


class PausingOutput(LineOutput):
    """Output whose lines are written once it is closing, and which lets its closer look between two of them."""

    def _take(self) -> tuple[bytes, bool] | None:
        if self._closing:
            Event().wait(0.02)
        return super()._take()

    def until_closing(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._closing)


def test_line_output_writes_all_when_its_closer_wakes_between_lines() -> None:
    lines: list[bytes] = []
    begun = Event()

    def write(line: bytes) -> None:
        begun.set()
        output.until_closing()
        lines.append(line)

    output = PausingOutput(write, lambda _: b"")
    for number in range(5):
        output.answer(b"%d" % number)
    assert begun.wait(_PATIENCE.total_seconds())
    output.close(_PATIENCE)
    assert lines == [b"0", b"1", b"2", b"3", b"4"]


def test_line_output_tells_that_its_reader_has_left() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    output = LineOutput(writer_to(writing), lambda _: b"")
    output.answer(b"unheard")
    asyncio.run(_within(output.until_gone))
    output.answer(b"unheard too")
    output.event(b"unheard as well")
    asyncio.run(_within(output.room))
    output.close(_PATIENCE)
    os.close(writing)
    assert output.gone


def test_writer_writes_a_line_that_is_larger_than_the_pipe() -> None:
    reading, writing = os.pipe()
    line = bytes(range(256)) * 1200
    output = LineOutput(writer_to(writing), lambda _: b"")
    output.answer(line)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read(len(line)) == line
    output.close(_PATIENCE)
    os.close(writing)


async def _within(act: Callable[[], Awaitable[None]]) -> None:
    await asyncio.wait_for(act(), _PATIENCE.total_seconds())
