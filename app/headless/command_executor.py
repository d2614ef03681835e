"""Executor of commands: calls the core's services and returns plain dictionaries."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, assert_never
from uuid import UUID

from app.domain.customer_reply import CustomerReply
from app.domain.errors import BadFieldError, CocoLokoError
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.notification import Notification, State
from app.domain.order import KNOWN_STATUSES
from app.domain.pickup_reply import PickupChoice
from app.domain.session import ConnectionStatus
from app.headless.commands import (
    AddOrder,
    Advance,
    Answer,
    CheckNumber,
    Command,
    CounterCommand,
    Custom,
    Link,
    Notify,
    OfConnection,
    OfNotification,
    OfOrder,
    OptOutUndo,
    PairByCode,
    PickupReplies,
    Plain,
    PosterFile,
    TemplateText,
    TillReceiptFile,
    UseNumber,
)
from app.headless.manager_command_executor import execute_manager_command, gate_for
from app.headless.manager_commands import ManagerCommand
from app.headless.order_command_executor import execute_order_command
from app.headless.order_commands import OrderCommand
from app.headless.pace_report import pace_as_json
from app.services.connection.manager import WhatsAppConnectionManager
from app.services.messaging.inbox import Exchange
from app.services.messaging.records import NotificationRequest, NotificationResult
from app.services.runtime.background_loops import LoopHealth
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog

_log = logging.getLogger(__name__)


class CommandExecutor:
    """Command executor; only `replies` and a `hand_over` with `show` name a customer in their answers."""

    def __init__(self, core: Core, sentences: MessageCatalog) -> None:
        self._core, self._sentences = core, sentences

    async def execute(self, command: Command) -> dict[str, Any]:
        """Execute one command: `{"ok": true, …}`, or `{"ok": false, "error": code, "sentence": …}`."""
        try:
            async with gate_for(self._core, command):
                if isinstance(command, ManagerCommand):
                    return {"ok": True, **await execute_manager_command(self._core, command)}
                if isinstance(command, OrderCommand):
                    return {"ok": True, **await execute_order_command(self._core, command)}
                return {"ok": True, **await self._done(command)}
        except CocoLokoError as error:
            return self.refusal(error)
        except Exception as error:  # noqa: BLE001 - a shop does not close because of one command
            # The error's message may hold a customer's words.
            _log.error(
                "command_failed", extra={"command": command.command, "error_type": type(error).__name__}
            )
            return self.refusal(CocoLokoError())

    def refusal(self, error: CocoLokoError) -> dict[str, Any]:
        said = {"ok": False, "error": error.code, "sentence": str(self._sentences.of_error(error))}
        return said | {name: error.facts[name] for name in ("field", "reason") if name in error.facts}

    async def pickup_of(self, order_id: OrderId) -> PickupChoice | None:
        """Return the choice that the order's row shows."""
        rows = await self._core.board.rows([order_id])
        return next((row.pickup.choice for row in rows if row.pickup), None)

    async def _done(self, command: CounterCommand) -> dict[str, Any]:
        match command:
            case AddOrder() | Advance() | Link() | PosterFile() | TillReceiptFile():
                return await self._on_orders(command)
            case Notify() | Custom() | Answer():
                return _queued(await self._message(command))
            case OfOrder() | UseNumber():
                return await self._of_order(command)
            case OfNotification():
                return await self._of_notification(command)
            case OptOutUndo() | CheckNumber():
                return await self._of_phone(command)
            case PairByCode() | OfConnection():
                return await self._of_connection(command)
            case PickupReplies() | TemplateText() | Plain():
                return await self._of_shop(command)
            case _:
                assert_never(command)

    async def _on_orders(
        self, command: AddOrder | Advance | Link | PosterFile | TillReceiptFile
    ) -> dict[str, Any]:
        if isinstance(command, Link | PosterFile | TillReceiptFile):
            return await self._invitation(command)
        desk = self._core.orders
        if isinstance(command, AddOrder):
            await desk.add(command.order(self._core.clock.now()))
        else:
            await desk.advance(_order(command.order_id), command.status)
        warning = {} if command.status in KNOWN_STATUSES else {"warning": "unknown_status"}
        return {"order_id": str(command.order_id), **warning}

    async def _invitation(self, command: Link | PosterFile | TillReceiptFile) -> dict[str, Any]:
        invitations = self._core.invitations
        if isinstance(command, TillReceiptFile):
            await invitations.save_receipt(Path(command.file), _order(command.order_id), command.width)
        elif isinstance(command, PosterFile):
            await invitations.save_poster(Path(command.file), self._number(command.session))
        elif command.order_id:
            session = self._number(command.session)
            return {"link": await invitations.order_link(_order(command.order_id), session)}
        else:
            return {"link": await invitations.link(self._number(command.session))}
        return {}

    def _number(self, session: str | None) -> SessionId | None:
        return None if session is None else self._connection(session).get_connection_status().session_id

    async def _of_order(self, command: OfOrder | UseNumber) -> dict[str, Any]:
        inbox, order_id = self._core.inbox, _order(command.order_id)
        if isinstance(command, UseNumber):
            await self._core.claims.use_number(order_id, MessageId(command.message_id))
            return {}
        if command.command == "replies_read":
            return {"read": await inbox.mark_read(order_id)}
        exchange = await inbox.exchange(order_id)
        replies = [self._reply(exchange, reply) for reply in exchange.replies]
        pickup = await self.pickup_of(order_id)
        return {"unread": exchange.unread, "pickup": pickup, "replies": replies}

    def _reply(self, exchange: Exchange, reply: CustomerReply) -> dict[str, Any]:
        """Return one reply, the only answer that repeats a customer's words, and only on request."""
        return {
            "message_id": reply.message_id,
            "kind": reply.kind,
            "text": self._sentences.of_reply(reply),
            "at": reply.received_at.isoformat(),
            "read": reply.read_at is not None,
            "edited": reply.edited,
            "other_number": exchange.is_from_another(reply),
        }

    async def _of_shop(self, command: PickupReplies | TemplateText | Plain) -> dict[str, Any]:
        if isinstance(command, Plain):
            return await self._plain(command)
        if isinstance(command, TemplateText):
            return await self._template(command)
        offer = self._core.templates.pickup_offer
        if command.on is not None:
            await offer.switch(on=command.on)
        return {"on": offer.on, "line": offer.line}

    async def _template(self, command: TemplateText) -> dict[str, Any]:
        """Return the template in force, after the change that the command asks for."""
        templates = self._core.templates
        kept = templates.stored_template(command.type)
        if command.text is not None or command.active is not None:
            text = kept.content if command.text is None else command.text
            active = kept.is_active if command.active is None else command.active
            await templates.update_template(replace(kept, content=text, is_active=active))
            kept = templates.stored_template(command.type)
        return {"type": kept.type, "text": kept.content, "active": kept.is_active}

    async def _message(self, command: Notify | Custom | Answer) -> NotificationResult:
        messages = self._core.messages
        if isinstance(command, Answer):
            return await self._core.inbox.answer(
                _order(command.order_id), command.text, command.idempotency_key
            )
        if isinstance(command, Custom):
            return await messages.send_custom_message(command.phone, command.text, command.idempotency_key)
        act = messages.resend if command.command == "resend" else messages.send_notification
        return await act(NotificationRequest(_order(command.order_id), command.type))

    async def _of_notification(self, command: OfNotification) -> dict[str, Any]:
        queue = self._core.queue
        acts: dict[str, Callable[[NotificationId], Awaitable[Notification]]] = {
            "retry": queue.retry,
            "cancel": queue.cancel,
            "undo": queue.undo,
            "arrived": partial(queue.settle_doubt, arrived=True),
            "repeat": partial(queue.settle_doubt, arrived=False),
        }
        changed = await acts[command.command](NotificationId(command.notification_id))
        return {"notification_id": str(changed.id), "state": changed.state}

    async def _of_phone(self, command: OptOutUndo | CheckNumber) -> dict[str, Any]:
        if isinstance(command, CheckNumber):
            return {"exists": await self._core.messages.check_whatsapp_exists(command.phone)}
        if command.phone is not None:
            await self._core.opt_outs.undo(command.phone, command.reason)
        elif command.order_id is not None:
            await self._core.opt_outs.undo_for_order(_order(command.order_id), command.reason)
        return {}

    async def _of_connection(self, command: OfConnection | PairByCode) -> dict[str, Any]:
        connection = self._connection(command.session)
        if isinstance(command, PairByCode):
            phone = self._core.messages.validate_phone_number(command.phone).phone_or_raise()
            await connection.pair_by_code(phone)
            return {}
        acts = {
            "pair": connection.pair,
            "reconnect": connection.reconnect,
            "logout": connection.logout,
        }
        await acts[command.command]()
        return {}

    def _connection(self, session: str | None) -> WhatsAppConnectionManager:
        core = self._core
        found = core.connection if session is None else core.sessions.get(SessionId(session))
        if found is None:
            raise BadFieldError(field="session")
        return found

    async def _plain(self, command: Plain) -> dict[str, Any]:
        core = self._core
        match command.command:
            case "retry_failed":
                return {"retried": await core.queue.retry_failed_notifications()}
            case "stats":
                return await self._stats()
            case "status":
                return self._status()
            case "quit":
                return {}
            case "pause" | "resume":
                await (core.queue.pause() if command.command == "pause" else core.queue.resume())
            case _:
                assert_never(command.command)
        return {}

    async def _stats(self) -> dict[str, Any]:
        stats = await self._core.queue.get_queue_stats()
        waiting = stats.oldest_waiting.total_seconds() if stats.oldest_waiting else None
        return {
            "by_state": _counts(stats.by_state),
            "by_session": {session: _counts(counts) for session, counts in stats.by_session.items()},
            "oldest_waiting_s": waiting,
            "sent_last_hour": stats.sent_last_hour,
            "paused": stats.paused,
        }

    def _status(self) -> dict[str, Any]:
        """Return the first number's status, then each number's, with the health of the background loops."""
        core = self._core
        each = {status.session_id: self._lamp(status) for status in core.sessions.statuses()}
        background = [_health(loop) for loop in core.background.health()]
        first = self._lamp(core.connection.get_connection_status())
        return {**first, "sessions": each, "background": background}

    def _lamp(self, status: ConnectionStatus) -> dict[str, Any]:
        said = {"lamp": status.state, "reason": status.reason, "sentence": self._sentences.of_status(status)}
        core = self._core
        pace = pace_as_json(
            core.rate_limiters.status(status.session_id), self._sentences, paused=core.queue.paused
        )
        return {**said, "pace": pace}


def _order(order_id: UUID) -> OrderId:
    return OrderId(str(order_id))


def _counts(by_state: Mapping[State, int]) -> dict[str, int]:
    return {str(state): count for state, count in by_state.items()}


def _health(loop: LoopHealth) -> dict[str, Any]:
    return {
        "name": loop.name,
        "state": loop.state,
        "since": loop.since.isoformat(),
        "failures": loop.failures,
        "last_error": loop.last_error,
    }


def _queued(result: NotificationResult) -> dict[str, Any]:
    if result.trouble:
        raise result.trouble
    return {"notification_id": str(result.notification_id), "message_id": result.message_id}
