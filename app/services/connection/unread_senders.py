"""Registry of customers whose messages waited at WhatsApp and are not read yet."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.ports.clock import Clock
from app.ports.inbound import UnreadMessage

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Unread:
    addresses: frozenset[Address]
    since: timedelta
    generation: int


class UnreadSenders:
    """Customers to whom no message leaves: the unread one may say PARAR (X1).

    In memory alone: unread messages come again at the next login, and nothing leaves before they have.
    """

    def __init__(self, clock: Clock, held_for: timedelta) -> None:
        self._clock, self._held_for = clock, held_for
        self._unread: dict[tuple[SessionId, MessageId], _Unread] = {}

    def add(self, session_id: SessionId, generation: int, message: UnreadMessage) -> None:
        """Hold the writer; a message that comes again keeps its moment and gains addresses."""
        fresh = _Unread(frozenset(message.addresses), self._clock.steady(), generation)
        known = self._unread.get((session_id, message.message_id), fresh)
        self._unread[session_id, message.message_id] = replace(
            known, addresses=known.addresses | fresh.addresses, generation=generation
        )

    def remove(self, session_id: SessionId, message_id: MessageId) -> None:
        self._unread.pop((session_id, message_id), None)

    def forget_older(self, session_id: SessionId, generation: int) -> None:
        """Release what only earlier connections brought: WhatsApp has not delivered it again."""
        for key, unread in tuple(self._unread.items()):
            if key[0] == session_id and unread.generation != generation:
                del self._unread[key]

    def addresses(self) -> frozenset[Address]:
        """Return the addresses of all held customers; a message that stays unread for too long holds no longer."""
        self._release_overdue()
        return frozenset[Address]().union(*(each.addresses for each in self._unread.values()))

    def _release_overdue(self) -> None:
        due = self._clock.steady() - self._held_for
        overdue = [key for key, unread in self._unread.items() if unread.since <= due]
        for key in overdue:
            del self._unread[key]
        if overdue:
            _log.warning("unread_senders_released", extra={"messages": len(overdue)})
