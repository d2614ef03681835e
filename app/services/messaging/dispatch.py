"""Takes one notification to WhatsApp: the account of its number, a sound ratchet, the text."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.domain.account import CouldNotAsk
from app.domain.attempt import AttemptEnd, NoAccount, Rejected, RejectionKind, Withheld
from app.domain.errors import DatabaseUnreadableError, DiskFullError, RetryLaterError
from app.domain.notification import Notification
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.services.messaging.number_check import NumberCheck
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.messaging.signal_sessions import SignalSessionRefresher

_log = logging.getLogger(__name__)

# Shorter than a lease: what is written must be written while the row is still ours.
_WRITE_WITHIN = timedelta(seconds=30)
# The sidecar, the connection or the database refuses for a while, and would refuse any other message too.
_NOT_ITS_FAULT = (RetryLaterError, DiskFullError, DatabaseUnreadableError)
_UNASKED = {
    "not_connected": RejectionKind.NOT_CONNECTED,
    "rate_limited": RejectionKind.RATE_LIMITED,
}


class MessageDispatcher:
    """Asks and hands over; what becomes of the answer is others' business."""

    def __init__(
        self,
        messenger: Messenger,
        numbers: NumberCheck,
        ratchets: SignalSessionRefresher,
        clock: Clock,
        closed: OptOutGuard,
        before_send: Callable[[], Awaitable[None]],
    ) -> None:
        self._messenger, self._numbers, self._ratchets = messenger, numbers, ratchets
        self._clock, self._closed, self._before_send = clock, closed, before_send

    async def deliver(self, notification: Notification) -> AttemptEnd:
        """Every expected trouble comes back as a value; nothing has left unless the text was handed over."""
        not_after = self._clock.steady() + _WRITE_WITHIN
        session_id = notification.session_id
        try:
            answer = await self._numbers.account_of(session_id, notification.phone)
            if isinstance(answer, CouldNotAsk):
                return Rejected(_kind_of(answer))
            if answer is None:
                return NoAccount()
            await self._ratchets.refresh_suspects(session_id)
            await self._before_send()
        except _NOT_ITS_FAULT:
            return Rejected(RejectionKind.NOT_CONNECTED)
        except Exception:  # noqa: BLE001 - one of the catch-alls: around what is asked before one message is handed over
            _log.exception("attempt_not_prepared", extra={"notification": str(notification.id)})
            return Rejected(RejectionKind.TRANSIENT)
        # No wait between this question and the line to the sidecar.
        if self._closed.blocks(notification):
            return Withheld()
        return await self._messenger.send_text(
            session_id,
            answer.jid,
            notification.text,
            notification.message_id,
            not_after,
            noted=notification.on_wire_at is not None,
        )


def _kind_of(answer: CouldNotAsk) -> RejectionKind:
    """Whatever kept WhatsApp from answering says nothing against the message: it is held or tried again."""
    return _UNASKED.get(answer.kind, RejectionKind.TRANSIENT)
