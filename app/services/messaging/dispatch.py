"""Dispatch of one notification to WhatsApp: account lookup, sound Signal session, text."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.domain.account import CouldNotAsk
from app.domain.attempt import AttemptEnd, NoAccount, Rejected, RejectionKind, Reordered, Withheld
from app.domain.errors import DatabaseUnreadableError, DiskFullError, RetryLaterError
from app.domain.identifiers import SessionId
from app.domain.notification import Notification
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.services.messaging.chat_timers import ChatTimers
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.messaging.signal_sessions import SignalSessionRefresher

_log = logging.getLogger(__name__)

# Shorter than a lease: the text must be written while the row is still ours.
_WRITE_WITHIN = timedelta(seconds=30)
# Sidecar, connection or database fails for a while, and would fail for any other message too.
_NOT_ITS_FAULT = (RetryLaterError, DiskFullError, DatabaseUnreadableError)
_UNASKED = {
    "not_connected": RejectionKind.NOT_CONNECTED,
    "rate_limited": RejectionKind.RATE_LIMITED,
}


class MessageDispatcher:
    """Looks up and hands over; the caller settles the result."""

    def __init__(
        self,
        messenger: Messenger,
        numbers: NumberCheck,
        timers: ChatTimers,
        signal_sessions: SignalSessionRefresher,
        clock: Clock,
        closed: OptOutGuard,
        before_send: Callable[[], Awaitable[None]],
        drained: Callable[[SessionId], bool],
    ) -> None:
        self._messenger, self._numbers, self._timers = messenger, numbers, timers
        self._signal_sessions = signal_sessions
        self._clock, self._closed, self._before_send = clock, closed, before_send
        self._drained = drained

    async def deliver(self, notification: Notification) -> AttemptEnd:
        """Deliver the text and return every expected failure as a value; before the hand-over no text has left."""
        not_after = self._clock.steady() + _WRITE_WITHIN
        session_id = notification.session_id
        try:
            answer = await self._numbers.account_of(session_id, notification.phone)
            if isinstance(answer, CouldNotAsk):
                return Rejected(_kind_of(answer))
            if answer is None:
                return NoAccount()
            await self._signal_sessions.refresh_suspects(session_id)
            expiration_s = await self._timers.seconds_of(session_id, notification.phone)
            await self._before_send()
            if await self._numbers.is_out_of_turn(notification):
                return Reordered()
        except _NOT_ITS_FAULT:
            return Rejected(RejectionKind.NOT_CONNECTED)
        except Exception:  # noqa: BLE001 - one of the catch-alls: around what is asked before one message is handed over
            _log.exception("attempt_not_prepared", extra={"notification": str(notification.id)})
            return Rejected(RejectionKind.TRANSIENT)
        # No await between this check and the line to the sidecar: an opt-out could come in between.
        if self._closed.blocks(notification):
            return Withheld()
        # The connection may have been replaced meanwhile: texts that wait for the new one are not known yet (X1).
        if not self._drained(session_id):
            return Rejected(RejectionKind.NOT_CONNECTED)
        return await self._messenger.send_text(
            session_id,
            answer.jid,
            notification.text,
            notification.message_id,
            not_after,
            noted=notification.on_wire_at is not None,
            expiration_s=expiration_s,
        )


def _kind_of(answer: CouldNotAsk) -> RejectionKind:
    """Return the rejection for a lookup that WhatsApp did not answer.

    The message is held or retried, because the failed lookup is no evidence against it.
    """
    return _UNASKED.get(answer.kind, RejectionKind.TRANSIENT)
