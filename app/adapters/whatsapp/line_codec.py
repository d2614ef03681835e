"""Codec of newline-delimited JSON messages (resources/docs/protocol.md, section 1)."""

import asyncio
import json
from collections.abc import Mapping

from pydantic_core import from_json

from app.domain.errors import SidecarGoneError

LONGEST_LINE = 4 * 2**20

Message = dict[str, object]


class LineTooLongError(SidecarGoneError):
    """Line of more than 4 MiB: the rest of that stream cannot be trusted."""


class NotAMessageError(ValueError):
    """Line that is not a JSON object; its content is never logged."""


def encode(message: Mapping[str, object]) -> bytes:
    line = json.dumps(message, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    if len(line) - 1 > LONGEST_LINE:
        raise LineTooLongError(length=len(line))
    return line


def decode(line: bytes) -> Message:
    try:
        message = from_json(line, allow_inf_nan=False)
    except ValueError:
        raise NotAMessageError from None
    if not isinstance(message, dict):
        raise NotAMessageError
    return message


async def read_line(reader: asyncio.StreamReader) -> bytes | None:
    """Return the next line, or None at the end of the stream; a partial last line is dropped.

    The reader must have been made with LONGEST_LINE as its limit.
    """
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as overrun:
        raise LineTooLongError(length=overrun.consumed) from None
