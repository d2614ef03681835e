"""Link to one WhatsApp session: supervised sidecar, connection generations, ordered delivery of its messages."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_notices as notices
from app.adapters.whatsapp import wire_vocabulary as words
from app.adapters.whatsapp.busy_retry import retry_while_busy
from app.adapters.whatsapp.credential_store import CredentialStore
from app.adapters.whatsapp.failure_mapping import late_receipt_of, receipt_of
from app.adapters.whatsapp.history_reader import READ_WITHIN, HistoryReader
from app.adapters.whatsapp.in_flight import InFlight
from app.adapters.whatsapp.node_command import NodeCommand
from app.adapters.whatsapp.notice_translation import (
    OfflineNotice,
    chat_timers_of,
    inbound_of,
    seen_accounts_of,
    tell,
    tell_at_once,
)
from app.adapters.whatsapp.ordered_queues import OrderedQueues, Work
from app.adapters.whatsapp.rpc_peer import Answer
from app.adapters.whatsapp.sidecar import Sidecar
from app.adapters.whatsapp.supervisor import Supervisor
from app.adapters.whatsapp.wire_history import ReadHistoryParams, ReadHistoryResult
from app.domain.errors import (
    CocoLokoError,
    DatabaseBusyError,
    DatabaseUnreadableError,
    DiskFullError,
    SidecarCrashLoopError,
    SidecarGoneError,
)
from app.domain.identifiers import MessageId, SessionId
from app.domain.receipt import Receipt
from app.domain.session import SessionData
from app.ports.clock import Clock
from app.ports.messenger import LinkChanged, LinkState, MessengerListener
from app.ports.store import Store

# A restriction stays true after the connection that brought it has ended.
_OF_ONE_CONNECTION = (
    notices.ConnectionNotice,
    notices.QrNotice,
    notices.PairingNotice,
    notices.ServerTimeNotice,
)

_OF_THE_WHOLE_STORE = (DatabaseBusyError, DiskFullError, DatabaseUnreadableError)


@dataclass(frozen=True)
class SessionDependencies:
    """Dependencies that all sessions share."""

    command: NodeCommand
    store: Store
    listener: MessengerListener
    clock: Clock
    log: logging.Logger


class SessionLink:
    """Receiver of the sidecar's messages across its restarts; `run` must run."""

    def __init__(self, session_id: SessionId, shared: SessionDependencies) -> None:
        self.session_id = session_id
        self._shared = shared
        self._lanes = OrderedQueues(shared.log)
        self._generation = 0
        self._wanted = False
        """True from a request for a connection until that connection closes."""
        self.sends = InFlight()
        self.supervisor = Supervisor(self._start, self._died, shared.clock, shared.log)
        self._store = CredentialStore(session_id, shared.store, self._save)
        on_read = partial(shared.listener.history_read, session_id)
        self._histories = HistoryReader(session_id, shared.store, shared.clock, self._read_history, on_read)

    @property
    def answers(self) -> Mapping[str, Answer]:
        return {
            **self._store.answers,
            "receipts": self._keep_receipts,
            "inbound": self._keep_inbound,
            "mappings": self._keep_mappings,
            "chat_timers": self._keep_timers,
            "about_to_write": self._note_write,
            "history_notice": self._histories.keep,
        }

    async def run(self) -> None:
        """Run until the supervisor is stopped and all queued messages are delivered."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._lanes.run())
            tasks.create_task(self._histories.run())
            await self.supervisor.run()
            self._lanes.finish()
            self._histories.finish()

    def next_generation(self) -> int:
        """Start the generation of a new connection; notices of older connections are dropped."""
        self._generation += 1
        self._wanted = True
        # The notice that the connection before it is closed is dropped as an older one's.
        self._histories.link_changed("closed")
        return self._generation

    def forget_connection(self) -> None:
        """Record that no connection is wanted any more."""
        self._wanted = False

    def request(self, method: str, work: Work) -> None:
        self._lanes.request(method, work)

    def told(self, notice: notices.Notice) -> None:
        if isinstance(notice, OfflineNotice):
            # Ahead of the queues: a message whose write is asked for next must find its customer held.
            if notice.generation == self._generation:
                tell_at_once(self._shared.listener, self.session_id, notice)
            return
        if (
            isinstance(notice, notices.ConnectionNotice)
            and notice.state == "open"
            and self.supervisor.current
        ):
            self.supervisor.current.was_open = True
        if self._is_current(notice) and isinstance(notice, notices.ConnectionNotice):
            self._histories.link_changed(notice.state)
        self._lanes.notice(lambda: self._deliver(notice))

    async def keys_taken_up(self) -> None:
        """Return when earlier keys are queued at the store: no later record is committed before them."""
        await self._lanes.keys_taken_up()

    def answered_late(self, message_id: MessageId, told: wire.SendTextOutcome) -> None:
        """Apply the late answer to a send that is in doubt since; it is evidence like a receipt."""
        shared = self._shared
        if receipt := late_receipt_of(told, message_id, shared.clock.now()):
            deliver = partial(shared.listener.receipts_arrived, self.session_id, [receipt])
            self._lanes.notice(lambda: retry_while_busy(deliver, shared.clock))

    async def _save(self, session: SessionData) -> None:
        shared = self._shared
        await retry_while_busy(lambda: shared.listener.session_changed(session), shared.clock)

    async def _keep_receipts(self, told: wire.ReceiptsParams) -> wire.ReceiptsResult:
        """Store receipts and acknowledge them: the answer lets WhatsApp forget them, so it follows the listener's
        commit.

        Backpressure: until it is answered, the sidecar collects further receipts. A busy database is not retried
        here: receipts that are not kept are delivered again.
        """
        receipts = [receipt_of(each) for each in told.receipts]
        ends = await self._ends(receipts) * len(receipts)
        if len(receipts) > 1 and ends[0] and not isinstance(ends[0], _OF_THE_WHOLE_STORE):
            # Retried one by one: a receipt that cannot be stored must not hold back the others.
            ends = await self._ends(*([each] for each in receipts))
        for failure in {_name_of(end) for end in ends if end}:
            self._shared.log.error("receipts could not be kept: %s", failure)
        return wire.ReceiptsResult(kept=[end is None for end in ends])

    async def _ends(self, *portions: Sequence[Receipt]) -> list[BaseException | None]:
        keep = self._shared.listener.receipts_arrived
        return await asyncio.gather(
            *(keep(self.session_id, each) for each in portions), return_exceptions=True
        )

    async def _keep_inbound(self, told: wire.InboundParams) -> wire.EmptyParams:
        """Store an inbound message; the answer lets WhatsApp forget it, without it the sidecar asks again."""
        shared, inbound = self._shared, inbound_of(self.session_id, told)
        await retry_while_busy(lambda: shared.listener.inbound_arrived(inbound), shared.clock)
        return wire.EmptyParams()

    async def _keep_mappings(self, told: wire.MappingsParams) -> wire.EmptyParams:
        """Store pairs of number and account id; without the answer the sidecar asks again."""
        shared, seen = self._shared, seen_accounts_of(told)
        await retry_while_busy(lambda: shared.listener.accounts_seen(self.session_id, seen), shared.clock)
        return wire.EmptyParams()

    async def _keep_timers(self, told: wire.ChatTimersParams) -> wire.EmptyParams:
        """Store chat timers; without the answer the sidecar asks again."""
        shared, timers = self._shared, chat_timers_of(told)
        await retry_while_busy(lambda: shared.listener.timers_seen(self.session_id, timers), shared.clock)
        return wire.EmptyParams()

    async def _note_write(self, told: wire.AboutToWriteParams) -> wire.AboutToWriteResult:
        """Record that the message is about to be written; the answer lets its bytes leave.

        Without it the attempt is held and not counted.
        """
        noted = self._shared.listener.about_to_write(MessageId(told.message_id))
        return wire.AboutToWriteResult(allowed=await noted)

    async def _deliver(self, notice: notices.Notice) -> None:
        if isinstance(notice, _OF_ONE_CONNECTION) and not self._is_current(notice):
            return
        if isinstance(notice, notices.ConnectionNotice) and notice.state == "closed":
            self._wanted = False
        shared = self._shared
        await retry_while_busy(
            lambda: tell(shared.listener, self.session_id, notice, shared.clock), shared.clock
        )

    def _is_current(self, notice: notices.Notice) -> bool:
        return notice.generation == self._generation

    async def _start(self) -> Sidecar:
        shared = self._shared
        return await Sidecar.start(shared.command, self, shared.clock, shared.log)

    async def _read_history(self, params: ReadHistoryParams) -> ReadHistoryResult:
        if self.supervisor.current is None:
            raise SidecarGoneError
        return await self.supervisor.current.peer.ask(words.READ_HISTORY, params, READ_WITHIN)

    def _died(self, given_up: bool) -> None:  # noqa: FBT001 - the callback's one argument
        self._histories.link_changed("closed")
        self._lanes.notice(lambda: self._report_death(given_up=given_up))

    async def _report_death(self, *, given_up: bool) -> None:
        if not self._wanted and not given_up:
            return
        self._wanted = False
        trouble = SidecarCrashLoopError.code if given_up else None
        await self._shared.listener.link_changed(
            LinkChanged(self.session_id, LinkState.CLOSED, trouble=trouble)
        )


def _name_of(failure: BaseException) -> str:
    return failure.code if isinstance(failure, CocoLokoError) else type(failure).__name__
