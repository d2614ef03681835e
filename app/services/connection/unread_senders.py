"""Registry of customers whose messages waited at WhatsApp and are not read yet."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.domain.offline_queue import OfflineQueuePolicy
from app.ports.clock import Clock
from app.ports.inbound import UnreadMessage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unread:
    """`ends` bounds the hold; with `resend_ends` the message is recorded as undecryptable and comes again."""

    addresses: frozenset[Address]
    ends: timedelta
    generation: int
    resend_ends: timedelta | None = None
    released: bool = False


class UnreadSenders:
    """Customers to whom no message leaves: the unread one may say PARAR (X1).

    In memory alone: unread messages come again at the next login, and nothing leaves before they have.
    """

    def __init__(self, clock: Clock, policy: OfflineQueuePolicy) -> None:
        self._clock, self._policy = clock, policy
        self._unread: dict[tuple[SessionId, MessageId], _Unread] = {}

    def add(self, session_id: SessionId, generation: int, message: UnreadMessage) -> bool:
        """Hold the writer, and return whether that is still due.

        A message that comes again keeps the end of its hold and gains addresses.
        """
        now = self._clock.steady()
        fresh = _Unread(frozenset(message.addresses), now + self._policy.held_for, generation)
        known = self._unread.get((session_id, message.message_id), fresh)
        self._unread[session_id, message.message_id] = replace(
            known,
            addresses=known.addresses | fresh.addresses,
            generation=generation,
            resend_ends=known.resend_ends if known.generation == generation else None,
        )
        return known.ends > now

    def remove(self, session_id: SessionId, message_id: MessageId) -> None:
        """Release the writer of a recorded message, unless it is to come again."""
        if not self._awaits_resend(session_id, message_id):
            self._unread.pop((session_id, message_id), None)

    def await_resend(self, session_id: SessionId, message_id: MessageId) -> None:
        """Hold the writer of an undecryptable message on: the text that the phone sends again may say PARAR."""
        unread = self._unread.get((session_id, message_id))
        if unread and unread.resend_ends is None and not unread.released:
            ends = min(unread.ends, self._clock.steady() + self._policy.resent_within)
            self._unread[session_id, message_id] = replace(unread, resend_ends=ends)

    def end_resend(self, session_id: SessionId, message_id: MessageId) -> bool:
        """Release the writer of a message that came again; return False for a message that was not awaited."""
        awaited = self._awaits_resend(session_id, message_id)
        if awaited:
            del self._unread[session_id, message_id]
        return awaited

    def forget_older(self, session_id: SessionId, generation: int) -> None:
        """Release what only earlier connections brought: WhatsApp has not delivered it again."""
        for key, unread in tuple(self._unread.items()):
            if key[0] == session_id and unread.generation != generation and unread.resend_ends is None:
                del self._unread[key]

    def addresses(self) -> frozenset[Address]:
        """Return the addresses of all held customers; a message that stays unread for too long holds no longer."""
        self._release_overdue()
        held = (each.addresses for each in self._unread.values() if not each.released)
        return frozenset[Address]().union(*held)

    def _awaits_resend(self, session_id: SessionId, message_id: MessageId) -> bool:
        unread = self._unread.get((session_id, message_id))
        return unread is not None and unread.resend_ends is not None

    def _release_overdue(self) -> None:
        """Release each hold at its end; what WhatsApp still has stays known, or each login would hold it anew."""
        now = self._clock.steady()
        overdue = [
            (key, unread)
            for key, unread in self._unread.items()
            if not unread.released and (unread.resend_ends or unread.ends) <= now
        ]
        for key, unread in overdue:
            if unread.resend_ends is None:
                self._unread[key] = replace(unread, released=True)
            else:
                del self._unread[key]
        if overdue:
            _log.warning("unread_senders_released", extra={"messages": len(overdue)})
