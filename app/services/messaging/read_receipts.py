"""Read receipts: replies that were opened at the counter are read for their customer and on the shop's phone too."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.customer_reply import REACTION, WITHDRAWN, CustomerReply
from app.domain.errors import CocoLokoError
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Address
from app.domain.phone import NO_PHONE
from app.ports.messenger import Messenger
from app.services.background_tasks import BackgroundTasks

_log = logging.getLogger(__name__)
# A reaction makes no chat unread.
_NEVER_UNREAD = frozenset({REACTION, WITHDRAWN})


@dataclass(frozen=True, slots=True)
class ReadReceipts:
    """Sender of read receipts, one request per customer; `on` is the shop's setting.

    A receipt that cannot be sent now is dropped: the chat stays unread on the phone, and no message depends on it.
    """

    messenger: Messenger
    tasks: BackgroundTasks
    on: Callable[[], bool]

    def send(self, replies: Iterable[CustomerReply]) -> None:
        """Start sending, in the background."""
        if not self.on():
            return
        chats: dict[tuple[SessionId, Address], list[MessageId]] = {}
        for reply in replies:
            if reply.phone != NO_PHONE and reply.kind not in _NEVER_UNREAD:
                chats.setdefault((reply.session_id, reply.phone), []).append(reply.message_id)
        for (session_id, customer), message_ids in chats.items():
            self.tasks.start(self._send(session_id, customer, message_ids), "read_receipt")

    async def _send(self, session_id: SessionId, customer: Address, message_ids: list[MessageId]) -> None:
        try:
            await self.messenger.mark_read(session_id, customer, message_ids)
        except CocoLokoError as error:
            _log.info("read_receipt_dropped", extra={"session": session_id, "code": error.code})
