"""The sends of a scripted messenger that have left and have not been answered yet."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from app.domain.attempt import InDoubt
from app.domain.identifiers import MessageId, SessionId
from app.ports.clock import Clock

ACK_WITHIN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Send:
    """What `send_text` was asked for."""

    session_id: SessionId
    jid: str
    text: str
    message_id: MessageId
    not_after: timedelta
    expiration_s: int = 0


class SendsInFlight:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.may_leave = asyncio.Event()
        """While cleared, no text comes as far as its bytes."""
        self.may_leave.set()
        self._doubts: dict[MessageId, tuple[SessionId, asyncio.Future[InDoubt]]] = {}

    def __contains__(self, message_id: MessageId) -> bool:
        return message_id in self._doubts

    def lose(self, session_id: SessionId, reason: str) -> None:
        """Nobody will answer them any more."""
        for of_session, doubt in self._doubts.values():
            if of_session == session_id and not doubt.done():
                doubt.set_result(InDoubt(reason))

    async def doubt(
        self, session_id: SessionId, message_id: MessageId, answer: asyncio.Event
    ) -> InDoubt | None:
        """None once `answer` has come; the doubt where the line is lost first, or the time for it is over."""
        loop = asyncio.get_running_loop()
        doubt: asyncio.Future[InDoubt] = loop.create_future()
        self._doubts[message_id] = (session_id, doubt)
        answered = loop.create_task(self._clock.wait(answer, ACK_WITHIN))
        try:
            await asyncio.wait((doubt, answered), return_when=asyncio.FIRST_COMPLETED)
        finally:
            answered.cancel()
            del self._doubts[message_id]
        if doubt.done():
            return doubt.result()
        return None if answered.result() else InDoubt("ack_timeout")

    async def is_late(self, not_after: timedelta) -> bool:
        """Wait until the text may leave; return whether that is too late."""
        if self.may_leave.is_set():
            return False
        await self._clock.wait(self.may_leave, not_after - self._clock.steady())
        return self._clock.steady() >= not_after
