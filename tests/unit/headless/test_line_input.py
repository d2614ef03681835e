"""Line input: each line of stdin is read whole or refused whole."""

import asyncio
import os
from threading import Thread

import pytest

from app.headless.line_input import LONGEST_LINE, Line, LineInput, TooLong

pytestmark = pytest.mark.requirement("Z5")


def lines_of(given: bytes) -> list[Line]:
    """What is read from a pipe that this was written into and that was then closed."""
    reading, writing = os.pipe()
    feeding = Thread(target=_feed, args=(writing, given))
    feeding.start()

    async def read() -> list[Line]:
        lines = LineInput(reading)
        lines.start()
        found = [await lines.next()]
        while found[-1] is not None:
            found.append(await lines.next())
        return found[:-1]

    try:
        return asyncio.run(read())
    finally:
        feeding.join()
        os.close(reading)


def _feed(writing: int, given: bytes) -> None:
    with open(writing, "wb") as pipe:
        pipe.write(given)


def test_line_input_reads_more_lines_than_it_keeps() -> None:
    assert lines_of(b"a\n" * 500) == [b"a\n"] * 500


def test_line_input_removes_one_byte_order_mark_before_a_line() -> None:
    mark = b"\xef\xbb\xbf"
    assert lines_of(mark + b"a\n" + mark + mark + b"b\n") == [b"a\n", mark + b"b\n"]


def test_line_input_takes_a_last_line_without_an_end() -> None:
    assert lines_of(b"a\nb") == [b"a\n", b"b"]


@pytest.mark.parametrize("over", [1, LONGEST_LINE, 3 * LONGEST_LINE + 5])
def test_line_input_refuses_a_line_over_the_limit_whole(over: int) -> None:
    first, second = lines_of(b"x" * (LONGEST_LINE + over) + b"\nnext\n")
    assert isinstance(first, TooLong)
    assert second == b"next\n"


def test_line_input_takes_a_line_of_just_the_limit() -> None:
    line = b"x" * (LONGEST_LINE - 1) + b"\n"
    assert lines_of(line + b"next\n") == [line, b"next\n"]


def test_line_input_ends_when_an_overlong_line_has_no_end() -> None:
    assert [type(line) for line in lines_of(b"x" * (LONGEST_LINE + 1))] == [TooLong]
