"""Line codec: JSON lines, and lines that are not JSON."""

import asyncio

import pytest
from pydantic import ValidationError

from app.adapters.whatsapp.line_codec import (
    LONGEST_LINE,
    LineTooLongError,
    NotAMessageError,
    decode,
    encode,
    read_line,
)
from app.adapters.whatsapp.wire_messages import PingResult, SendTextParams


def test_a_message_is_one_line_whatever_its_text_holds() -> None:
    message = {"text": "açaí\n\u2028🥥", "id": 1}
    line = encode(message)
    assert line.count(b"\n") == 1
    assert decode(line) == message


@pytest.mark.parametrize("line", [b"", b"[]\n", b"1\n", b"{\n", b"\xff\xfe\n", b"[" * 100_000 + b"\n"])
def test_what_is_no_object_is_no_message(line: bytes) -> None:
    with pytest.raises(NotAMessageError) as caught:
        decode(line)
    assert str(caught.value) == ""


def test_the_limit_holds_in_both_directions() -> None:
    frame = len(encode({"text": ""})) - 1
    fitting = encode({"text": "x" * (LONGEST_LINE - frame)})
    with pytest.raises(LineTooLongError):
        encode({"text": "x" * (LONGEST_LINE - frame + 1)})

    async def reading(content: bytes) -> bytes | None:
        reader = asyncio.StreamReader(limit=LONGEST_LINE)
        reader.feed_data(content)
        reader.feed_eof()
        return await read_line(reader)

    assert asyncio.run(reading(fitting)) == fitting
    assert asyncio.run(reading(b"half a line")) is None
    with pytest.raises(LineTooLongError):
        asyncio.run(reading(b"x" + fitting))


def test_a_message_of_the_wire_does_not_show_what_it_holds() -> None:
    params = SendTextParams(
        jid="5573999990000@lid",
        text="oi Ana",
        message_id="3EB0",
        not_after=1,
        ack_timeout_ms=1,
        noted=False,
        expiration_s=0,
    )
    assert repr(params) == str(params) == "SendTextParams()"


def test_ping_result_is_refused_when_its_clock_has_no_end() -> None:
    """`1e400` is a number to JSON, and without end to Python: no moment can be reckoned from it."""
    said = decode(
        b'{"wire_version":8,"baileys":"7","node":"24","pid":1,"steady_ms":1e400,"memory_bytes":1,'
        b'"round_trip_ms":null,"answered_ms":null,"client_version":null}\n'
    )
    with pytest.raises(ValidationError):
        PingResult.model_validate(said)
