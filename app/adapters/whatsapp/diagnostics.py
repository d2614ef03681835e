"""Sidecar diagnostics: copies allow-listed fields of its stderr into our log, and no other content."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from typing import Final

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
    "fatal": logging.ERROR,
}
_PLAIN = re.compile(r"[A-Za-z…][A-Za-z…'.,:; -]{0,199}")
_ERROR_NAME = re.compile(r"[A-Z][A-Za-z]{0,40}")
_PLACE = re.compile(r"[\w-]+(?:\.[\w-]+)*:\d+")
_CRASH = re.compile(rb"^(?:Uncaught )?([A-Z][A-Za-z]*Error)\b")


class Diagnostics:
    """Reader of one child's stderr."""

    def __init__(self, stderr: asyncio.StreamReader, log: logging.Logger) -> None:
        self._stderr = stderr
        self._log = log

    async def pass_on(self) -> None:
        """Log the child's lines until the stream ends."""
        while line := await self._next_line():
            self._tell(line)

    async def _next_line(self) -> bytes:
        try:
            return await self._stderr.readuntil(b"\n")
        except asyncio.IncompleteReadError as ended:
            return ended.partial
        except asyncio.LimitOverrunError as overrun:
            return await self._stderr.readexactly(overrun.consumed)

    def _tell(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict):
            level = _LEVELS.get(str(entry.get("level")), logging.WARNING)
            self._log.log(level, "sidecar: %s", " ".join(_allowed(entry)) or "nothing that may be told")
        elif crash := _CRASH.match(line):
            self._log.error("sidecar: %s", crash[1].decode())
        elif line.strip():
            self._log.debug("sidecar: a line that is no JSON (%d bytes)", len(line))


def _allowed(entry: dict[str, object]) -> Iterator[str]:
    message, error, code, where = (entry.get(name) for name in ("msg", "error", "code", "where"))
    if isinstance(message, str) and _PLAIN.fullmatch(message):
        yield message
    if isinstance(error, str) and _ERROR_NAME.fullmatch(error):
        yield f"error={error}"
    if isinstance(code, int) and abs(code) < 100_000:
        yield f"code={code}"
    if isinstance(where, list):
        places = [place for place in where[:5] if isinstance(place, str) and _PLACE.fullmatch(place)]
        yield f"where={','.join(places)}"
