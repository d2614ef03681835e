"""Stands between the app and the simulated server and notes when bytes pass."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from app.adapters.system.clock import SystemClock

# Keep-alives and receipts, even several at once, are shorter; a message with its two copies is longer.
_MESSAGE = 500


@dataclass
class ServerDoor:
    """`url` is where the app connects; whatever it says passes on at once."""

    server: str
    clock: SystemClock = field(default_factory=SystemClock)
    url: str = ""
    _passed_at: timedelta | None = None

    def watch(self) -> None:
        """The next message is the one that counts."""
        self._passed_at = None

    def passed(self) -> timedelta:
        """When the first message since `watch` came by."""
        assert self._passed_at, "nothing passed the door"
        return self._passed_at

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = urlsplit(self.server)
        theirs, mine = await asyncio.open_connection(address.hostname, address.port)
        try:
            await asyncio.gather(self._pass(reader, mine, watched=True), self._pass(theirs, writer))
        except ConnectionError:
            pass
        finally:
            writer.close()
            mine.close()

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, watched: bool = False
    ) -> None:
        while chunk := await reader.read(2**16):
            if watched and len(chunk) >= _MESSAGE and self._passed_at is None:
                self._passed_at = self.clock.steady()
            writer.write(chunk)
        writer.close()


@asynccontextmanager
async def server_door(url: str) -> AsyncIterator[ServerDoor]:
    door = ServerDoor(url)
    served = await asyncio.start_server(door.serve, "127.0.0.1", 0)
    async with served:
        port = served.sockets[0].getsockname()[1]
        door.url = f"ws://127.0.0.1:{port}{urlsplit(url).path}"
        yield door
