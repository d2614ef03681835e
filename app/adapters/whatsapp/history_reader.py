"""Reader of the histories that the shop's phone pushed: kept notices, worked off while the connection is open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from app.adapters.whatsapp.wire_history import HistoryNoticeParams, ReadHistoryParams, ReadHistoryResult
from app.adapters.whatsapp.wire_messages import EmptyParams
from app.domain.errors import SidecarGoneError
from app.domain.identifiers import SessionId
from app.ports.clock import Clock
from app.ports.histories import history_record, history_setting
from app.ports.store import Rows, Store

_log = logging.getLogger(__name__)

PAUSES: Final = tuple(timedelta(seconds=pause) for pause in (1, 15, 60, 300, 1800, 3600))
"""Backoff after a round in which a history could not be read; the last one repeats."""
# About a day of open connections; WhatsApp keeps the files for some weeks.
MOST_TRIES: Final = 30
READ_WITHIN: Final = timedelta(minutes=7)

Ask = Callable[[ReadHistoryParams], Awaitable[ReadHistoryResult]]
OnRead = Callable[[], Awaitable[None]]


class HistoryReader:
    """Worker of one session; `run` must run. A notice is deleted when its history is read, or never can be.

    The sidecar lets go of the phone's message once `keep` has returned, so a kill at any moment loses nothing.
    """

    def __init__(self, session_id: SessionId, store: Store, clock: Clock, ask: Ask, on_read: OnRead) -> None:
        self._session_id, self._store, self._clock = session_id, store, clock
        self._ask, self._on_read = ask, on_read
        self._due = asyncio.Event()
        self._pause_over = asyncio.Event()
        self._failures = 0
        self._open = self._finished = False

    async def keep(self, told: HistoryNoticeParams) -> EmptyParams:
        def work(rows: Rows) -> None:
            rows.histories.keep(self._session_id, told.notice_id, told.notice)

        await self._store.transact(work)
        self._due.set()
        return EmptyParams()

    def link_changed(self, state: str) -> None:
        if state == "paired":
            # A new link brings another history, which no failure of the former one delays.
            self._failures = 0
            self._pause_over.set()
        if state in ("open", "closed"):
            self._open = state == "open"
        if self._open:
            self._due.set()

    def finish(self) -> None:
        """End `run` once the history that is being read is over."""
        self._finished = True
        self._pause_over.set()
        self._due.set()

    async def run(self) -> None:
        while not self._finished:
            await self._due.wait()
            self._due.clear()
            # A lost connection is no success: on a line that drops, each opening would cost a try at once.
            if self._open:
                await self._run_round()

    async def _run_round(self) -> None:
        self._pause_over.clear()
        self._failures = 0 if await self._all_read() else self._failures + 1
        if self._failures and not self._finished:
            await self._clock.wait(self._pause_over, PAUSES[min(self._failures, len(PAUSES)) - 1])
            self._due.set()

    async def _all_read(self) -> bool:
        """Read each kept history once; return False when one of them is to be tried again."""
        try:
            waiting = await self._store.read(lambda rows: rows.histories.waiting(self._session_id))
            return all([await self._read(each) for each in waiting if self._open and not self._finished])
        except SidecarGoneError:
            return False
        except Exception as failure:  # noqa: BLE001 - a history must not end the session's link
            _log.error("history_not_read", extra={"failure": type(failure).__name__})
            return False

    async def _read(self, notice_id: UUID) -> bool:
        # Counted before the sidecar sees it: one that kills the sidecar is given up, too.
        notice = await self._store.transact(lambda rows: rows.histories.take(notice_id))
        outcome = "unusable"
        if notice and notice.tries <= MOST_TRIES:
            outcome = (await self._ask(ReadHistoryParams(notice=notice.text))).outcome
        if outcome == "failed":
            return False
        _log.info("history_done", extra={"session": self._session_id, "outcome": outcome})
        if await self._store.transact(partial(self._finish, notice_id, outcome == "read")):
            await self._on_read()
        return True

    def _finish(self, notice_id: UUID, was_read: bool, rows: Rows) -> bool:  # noqa: FBT001 - bound at once
        """Delete the notice; return whether its history is read, of a session that was not wiped meanwhile."""
        is_kept = notice_id in rows.histories.waiting(self._session_id)
        rows.histories.delete(notice_id)
        if was_read and is_kept:
            rows.settings.set(history_setting(self._session_id), history_record(self._clock.now()))
        return was_read and is_kept
