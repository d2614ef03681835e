"""Network watch: cuts a backoff short once the network is back, while messages wait."""

from datetime import timedelta
from typing import Final

from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Store

LOOK_EVERY: Final = timedelta(seconds=5)
_LOOK_TIMEOUT: Final = timedelta(seconds=4)
_BREATH: Final = timedelta(seconds=1)
_NOTHING: Final = timedelta(0)


class NetworkWatch:
    """Looks at the server's port, which costs no login; a reachable server is tried once, not again and again (S3)."""

    def __init__(self, session_id: SessionId, store: Store, messenger: Messenger, clock: Clock) -> None:
        self._session_id, self._store, self._messenger, self._clock = session_id, store, messenger, clock
        self._tried_early = False
        self._backoffs = 0

    def opened(self) -> None:
        """End the looks of the backoff before this connection."""
        self._tried_early = False
        self._backoffs += 1

    async def back_off(self, pause: timedelta) -> None:
        """Return after the pause, or when the server has become reachable.

        A look alone is no proof: what failed although the server was reachable is not tried early once more unless
        the server was out of reach in between.
        """
        self._backoffs += 1
        backoff, until = self._backoffs, self._clock.steady() + pause
        out_of_reach, self._tried_early = not self._tried_early, False
        took = _NOTHING
        while until - self._clock.steady() > LOOK_EVERY:
            await self._clock.sleep(max(LOOK_EVERY - took, _BREATH))
            if backoff != self._backoffs:
                break
            looked = self._clock.steady()
            reached = await self._is_reachable() if await self._messages_wait() else None
            if reached and out_of_reach:
                self._tried_early = True
                return
            if reached:
                break
            out_of_reach = out_of_reach or reached is False
            took = self._clock.steady() - looked
        await self._clock.sleep(max(until - self._clock.steady(), _NOTHING))

    async def _messages_wait(self) -> bool:
        now = self._clock.now()
        try:
            return await self._store.read(lambda rows: rows.notifications.is_busy(self._session_id, now))
        except CocoLokoError:
            return False

    async def _is_reachable(self) -> bool | None:
        """Return None if there is no process to look."""
        try:
            return await self._messenger.is_reachable(self._session_id, _LOOK_TIMEOUT)
        except CocoLokoError:
            return None
