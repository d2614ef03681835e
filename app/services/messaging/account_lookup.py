"""Lookup of the accounts of new orders' numbers, so that a writer with a hidden number is recognized (K2)."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from app.domain.errors import RetryLaterError
from app.domain.events import HistoryRead, OrderChanged
from app.domain.identifiers import SessionId
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.stage_policy import is_finished
from app.ports.clock import Clock
from app.ports.messenger import MOST_CUSTOMERS_ASKED
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Store
from app.services.connection.sessions import Sessions
from app.services.event_bus import EventBus
from app.services.messaging.number_check import NumberCheck
from app.services.notifications.order_phone import known_phone_of

# At the start; older orders were asked about while they were new.
_LATEST_ORDERS: Final = 100
_PAUSE: Final = timedelta(seconds=2)
_PAUSE_AFTER_REFUSAL: Final = timedelta(minutes=2)
_ASKED_AGAIN_AFTER: Final = timedelta(days=1)
_MOST_WAITING: Final = 1000


class AccountLookup:
    """Asks in batches, one request at a time with a pause after each; an ended order's number is not asked for."""

    def __init__(
        self,
        store: Store,
        bus: EventBus,
        clock: Clock,
        numbers: NumberCheck,
        phone_numbers: PhoneNumbers,
        sessions: Sessions,
    ) -> None:
        self._store, self._clock, self._numbers = store, clock, numbers
        self._phone_numbers, self._sessions = phone_numbers, sessions
        self._waiting: dict[Phone, bool] = {}
        """Numbers to ask for, in this order, and whether each is to be asked for alone."""
        self._asked: dict[Phone, datetime] = {}
        self._latest_due = True
        """Whether the latest orders are to be added: at the start, and after a history."""
        self._awake = asyncio.Event()
        bus.subscribe(OrderChanged, lambda event: self._add([event.order]))
        bus.subscribe(HistoryRead, lambda _: self._ask_again())
        sessions.on_any_update(lambda _: self._awake.set())

    async def run(self) -> None:
        """Ask about the latest orders, then about each new one, until cancelled."""
        self._latest_due = True
        while True:
            self._awake.clear()
            if self._latest_due:
                self._latest_due = False
                self._add(await self._store.read(lambda rows: rows.orders.latest(_LATEST_ORDERS)))
            session_id = next(filter(self._sessions.is_connected, self._sessions.ids), None)
            if self._waiting and session_id:
                await self._clock.sleep(await self._ask_next(session_id))
            else:
                await self._awake.wait()

    def _ask_again(self) -> None:
        """Ask about the latest orders anew: the phone's chats may have brought their customers' tokens (K6)."""
        self._asked.clear()
        self._latest_due = True
        self._awake.set()

    def _add(self, orders: Iterable[Order]) -> None:
        now = self._clock.now()
        for order in orders:
            phone = (
                None if is_finished(order) or order.is_erased else known_phone_of(self._phone_numbers, order)
            )
            asked_at = self._asked.get(phone) if isinstance(phone, Phone) else None
            lately = asked_at is not None and abs(now - asked_at) < _ASKED_AGAIN_AFTER
            if isinstance(phone, Phone) and not lately and len(self._waiting) < _MOST_WAITING:
                self._waiting.setdefault(phone, False)
        if self._waiting:
            self._awake.set()

    async def _ask_next(self, session_id: SessionId) -> timedelta:
        """Ask about the next batch; return the pause before another."""
        batch = self._next_batch()
        try:
            unanswered = await self._numbers.ask(session_id, batch)
        except RetryLaterError:
            return _PAUSE_AFTER_REFUSAL
        if len(self._asked) > _MOST_WAITING:
            self._asked.clear()
        was_answered = len(unanswered) < len(batch)
        for phone in batch:
            self._waiting.pop(phone, None)
            if phone in unanswered:
                self._waiting[phone] = was_answered or unanswered[phone].kind == "refused"
            else:
                self._asked[phone] = self._clock.now()
        return _PAUSE if was_answered else _PAUSE_AFTER_REFUSAL

    def _next_batch(self) -> list[Phone]:
        """Return the numbers to ask for; one that spoilt the answer about others is asked for alone, after them."""
        others = (phone for phone, alone in self._waiting.items() if not alone)
        return [*islice(others, MOST_CUSTOMERS_ASKED)] or [*islice(self._waiting, 1)]
