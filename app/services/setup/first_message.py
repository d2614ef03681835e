"""First message: a text through the queue to the shop's own number, at most one of them under way."""

import json
from typing import Final
from uuid import UUID

from app.domain.identifiers import NotificationId
from app.domain.notification import UNFINISHED, Notification
from app.ports.store import Rows, Store
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.records import EnqueueResult
from app.services.storage.stored_settings import read_fields, read_text

SETTING: Final = "first_message"


class FirstMessage:
    """Sends the message and finds it again: its id is stored in the transaction that queues it."""

    def __init__(self, store: Store, messages: WhatsAppMessageService) -> None:
        self._store, self._messages = store, messages

    async def send(self, text: str) -> Notification:
        """Queue the text, or return the message that is still under way.

        Raises NoNumberError, OptedOutError, and those of `outgoing_text`.
        """

        def work(rows: Rows) -> EnqueueResult:
            known = _stored(rows)
            if known and known.state in UNFINISHED:
                return EnqueueResult(known, is_new=False)
            enqueued = self._messages.enqueue_test_within(rows, text)
            rows.settings.set(SETTING, json.dumps({"id": str(enqueued.notification.id)}))
            return enqueued

        enqueued = await self._store.transact(work)
        self._messages.queue.publish_enqueued(enqueued)
        return enqueued.notification

    async def latest(self) -> Notification | None:
        """Return the message that was sent last, as it is now."""
        return await self._store.read_for_screen(_stored)


def _stored(rows: Rows) -> Notification | None:
    found = read_fields(SETTING, rows.settings.get(SETTING), {"id": _read_id})
    return rows.notifications.get(found["id"]) if "id" in found else None


def _read_id(value: object) -> NotificationId:
    return NotificationId(UUID(read_text(value)))
