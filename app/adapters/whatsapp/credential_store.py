"""Answers to the sidecar's requests for credentials, Signal keys and texts already sent."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp.addresses import phone_of
from app.domain.identifiers import MessageId, SessionId
from app.domain.notification import Notification
from app.domain.session import SessionData
from app.ports.store import Rows, Store

_log = logging.getLogger(__name__)


class CredentialStore:
    """Credential store of one session; every answer follows the commit of its one transaction."""

    def __init__(
        self, session_id: SessionId, store: Store, save_session: Callable[[SessionData], Awaitable[None]]
    ) -> None:
        self._session_id = session_id
        self._store = store
        self._save_session = save_session

    @property
    def answers(self) -> Mapping[str, Callable[[Any], Awaitable[wire.WireMessage]]]:
        return {
            "keys.get": self.keys,
            "keys.set": self.save_keys,
            "creds.save": self.save_credentials,
            "sent_text.get": self.sent_text,
        }

    async def keys(self, asked: wire.KeysGetParams) -> wire.KeysGetResult:
        def work(rows: Rows) -> dict[str, str]:
            return dict(rows.sessions.keys(self._session_id, asked.type, asked.ids))

        return wire.KeysGetResult(values=await self._store.transact(work))

    async def save_keys(self, asked: wire.KeysSetParams) -> wire.EmptyParams:
        def work(rows: Rows) -> None:
            rows.sessions.save_keys(self._session_id, asked.changes)

        await self._store.transact(work)
        return wire.EmptyParams()

    async def save_credentials(self, asked: wire.CredsSaveParams) -> wire.EmptyParams:
        await self._save_session(
            SessionData(
                self._session_id,
                credentials=asked.credentials,
                paired=asked.account is not None,
                phone=phone_of(asked.account.jid) if asked.account else None,
            )
        )
        return wire.EmptyParams()

    async def sent_text(self, asked: wire.SentTextGetParams) -> wire.SentTextGetResult:
        """Return the text of a sent message for a retry, and the present timer of its chat.

        A text past its retention is not sent again, and neither is the empty one in its place (S7, X6).
        """

        def work(rows: Rows) -> tuple[Notification | None, int]:
            sent = rows.notifications.by_message_id(MessageId(asked.message_id))
            return sent, rows.chat_timers.seconds_of(self._session_id, sent.phone) if sent else 0

        sent, timer = await self._store.transact(work)
        if sent is None or sent.is_erased:
            found = {"session": self._session_id, "emptied": sent is not None}
            _log.warning("asked_again_without_text", extra=found)
            return wire.SentTextGetResult(text=None, expiration_s=0)
        return wire.SentTextGetResult(text=sent.text, expiration_s=timer)
