"""Lookup of an address's WhatsApp account, with a cache."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.domain.account import CouldNotAsk, KnownNumber, NumberAnswer, WhatsAppAccount
from app.domain.contact import is_cold
from app.domain.events import CustomerTrusted, NotificationChanged
from app.domain.identifiers import SessionId
from app.domain.lid import Address, Lid, lid_of
from app.domain.notification import Notification, State
from app.domain.phone import Phone, account_forms
from app.domain.queue_block import block_of
from app.ports.clock import Clock
from app.ports.histories import history_setting
from app.ports.messenger import Messenger
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.customer_identities import CustomerIdentities
from app.services.notifications.contact_history import reassign_pending, record_trusted
from app.services.storage.stored_settings import read_clock, read_fields

_REMEMBERED: Final = 2000


class NumberCheck:
    """Check of both Brazilian forms at once; only WhatsApp's real answer is cached (P2)."""

    def __init__(
        self, store: Store, messenger: Messenger, clock: Clock, bus: EventBus, identities: CustomerIdentities
    ) -> None:
        self._store, self._messenger, self._clock = store, messenger, clock
        self._bus, self._identities = bus, identities
        self._found: dict[Address, KnownNumber] = {}
        self._under_way: dict[Phone, asyncio.Event] = {}
        self._without_lid: set[Address] = set()
        """Addresses whose account WhatsApp named without a LID in this run: the next message need not ask again."""

    async def account_of(self, session_id: SessionId, address: Address) -> NumberAnswer:
        """Return the account, None for a number without one, or CouldNotAsk; raises the messenger's errors."""
        if isinstance(address, Phone) and (asked := self._under_way.get(address)):
            await asked.wait()
        now = self._clock.now()
        known = self._found.get(address) or await self._store.read(lambda rows: self._cached(rows, address))
        if known and known.fresh_at(now):
            self._remember(known)
            return known.account
        if isinstance(address, Lid):
            answer: NumberAnswer = WhatsAppAccount(address.text, address.text)
        else:
            answer = await self._messenger.find_number(session_id, account_forms(address))
        if isinstance(answer, CouldNotAsk):
            return answer
        kept = await self._keep(session_id, address, answer)
        self._found.pop(address, None)
        self._remember(kept)
        return kept.account

    async def ask(self, session_id: SessionId, phones: Sequence[Phone]) -> Mapping[Phone, CouldNotAsk]:
        """Look up the numbers whose account or LID is not known yet, in one request; return the unanswered (K2)."""
        unknown = await self._store.read(
            lambda rows: [each for each in phones if self._is_open(rows, session_id, each)]
        )
        if not unknown:
            return {}
        unanswered = dict[Phone, CouldNotAsk]()
        answered = asyncio.Event()
        self._under_way.update(dict.fromkeys(unknown, answered))
        try:
            answers = await self._messenger.find_numbers(
                session_id, [account_forms(each) for each in unknown]
            )
            for phone, answer in zip(unknown, answers, strict=True):
                if isinstance(answer, CouldNotAsk):
                    unanswered[phone] = answer
                else:
                    await self._keep(session_id, phone, answer)
        finally:
            for phone in unknown:
                self._under_way.pop(phone, None)
            answered.set()
        return unanswered

    async def is_out_of_turn(self, notification: Notification) -> bool:
        """Return whether the address turned out to be another identity's, or has older messages by that (Q2)."""
        if not self._identities.has_changed(notification.customer, notification.sending_at):
            return False
        return await self._store.read(lambda rows: _is_blocked(rows, notification))

    def _cached(self, rows: Rows, address: Address) -> KnownNumber | None:
        """Return the stored answer; an account without a LID may be that of a hidden writer who opted out (K2, X1)."""
        known = rows.numbers.get(address)
        return None if _lacks_lid(known) and address not in self._without_lid else known

    def _is_open(self, rows: Rows, session_id: SessionId, phone: Phone) -> bool:
        """Return whether WhatsApp is to be asked; an account without a LID counts as not asked.

        So does a first contact who was looked up before the phone's chats were read, which may bring their token (K6).
        """
        known = rows.numbers.get(phone)
        if known is None or not known.fresh_at(self._clock.now()):
            return True
        return _lacks_lid(known) or (
            _predates_history(rows, session_id, known) and is_cold(rows.contacts.get(phone), session_id)
        )

    async def _keep(
        self, session_id: SessionId, address: Address, answer: WhatsAppAccount | None
    ) -> KnownNumber:
        fresh = KnownNumber(address, answer, self._clock.now())

        def work(rows: Rows) -> tuple[KnownNumber, Sequence[Notification], bool]:
            kept, moved = self._kept(rows, fresh)
            trusted = answer is not None and answer.trusted
            if not trusted or not record_trusted(rows, address, session_id, fresh.checked_at):
                return kept, moved, False
            # As when a customer has written: this number is the one that sends to them (Q9).
            return kept, [*moved, *reassign_pending(rows, address)], True

        kept, moved, trusted = await self._store.transact(work)
        self._bus.publish(*map(NotificationChanged, moved))
        if trusted:
            self._bus.publish(CustomerTrusted(address))
        if _lacks_lid(kept):
            if len(self._without_lid) >= _REMEMBERED:
                self._without_lid.clear()
            self._without_lid.add(address)
        return kept

    def _kept(self, rows: Rows, fresh: KnownNumber) -> tuple[KnownNumber, Sequence[Notification]]:
        """Save the answer, unless the customer wrote during the lookup and so proved the account."""
        known = rows.numbers.get(fresh.phone)
        has_lid = fresh.account is not None and fresh.account.lid is not None
        if known and known.account and known.fresh_at(self._clock.now()) and not has_lid:
            return known, ()
        merged = fresh.with_lid_of(known)
        rows.numbers.save(merged)
        lid = lid_of(merged.account.lid) if merged.account else None
        if lid is None or isinstance(merged.phone, Lid):
            return merged, ()
        # A LID taken over from an earlier answer is no news: the number may have moved on since (K4).
        return merged, self._identities.connect(rows, merged.phone, lid, live=has_lid)

    def _remember(self, known: KnownNumber) -> None:
        """Cache a found account in memory and evict the oldest; a person's click may look up the others again."""
        if known.account is None or known.phone in self._found:
            return
        if len(self._found) >= _REMEMBERED:
            del self._found[next(iter(self._found))]
        self._found[known.phone] = known


def _lacks_lid(known: KnownNumber | None) -> bool:
    return known is not None and known.account is not None and known.account.lid is None


def _predates_history(rows: Rows, session_id: SessionId, known: KnownNumber) -> bool:
    name = history_setting(session_id)
    read_at = read_fields(name, rows.settings.get(name), {"read_at": read_clock}).get("read_at")
    return known.account is not None and read_at is not None and known.checked_at < read_at


def _is_blocked(rows: Rows, notification: Notification) -> bool:
    """Return whether the row, which was claimed under a former identity, would not be claimed now."""
    customer = rows.identities.of(notification.phone)
    if customer != notification.customer:
        return True
    row = replace(notification, state=State.PENDING)
    return block_of(row, rows.notifications.unfinished_of([notification.phone])) is not None
