"""Lookup of a number's WhatsApp account, with a cache."""

from typing import Final

from app.domain.account import CouldNotAsk, KnownNumber, NumberAnswer
from app.domain.identifiers import SessionId
from app.domain.phone import Phone, account_forms
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Rows, Store

_REMEMBERED: Final = 2000


class NumberCheck:
    """Check of both Brazilian forms at once; only WhatsApp's real answer is cached (P2)."""

    def __init__(self, store: Store, messenger: Messenger, clock: Clock) -> None:
        self._store, self._messenger, self._clock = store, messenger, clock
        self._found: dict[Phone, KnownNumber] = {}

    async def account_of(self, session_id: SessionId, phone: Phone) -> NumberAnswer:
        """Return the account, None for a number without one, or CouldNotAsk; raises the messenger's errors."""
        now = self._clock.now()
        known = self._found.get(phone) or await self._store.read(lambda rows: rows.numbers.get(phone))
        if known and known.fresh_at(now):
            self._remember(known)
            return known.account
        answer = await self._messenger.find_number(session_id, account_forms(phone))
        if isinstance(answer, CouldNotAsk):
            return answer
        kept = await self._store.transact(lambda rows: self._kept(rows, KnownNumber(phone, answer, now)))
        self._found.pop(phone, None)
        self._remember(kept)
        return kept.account

    def _kept(self, rows: Rows, fresh: KnownNumber) -> KnownNumber:
        """Save the answer, unless the customer wrote during the lookup and so proved the account."""
        known = rows.numbers.get(fresh.phone)
        if known and known.account and known.fresh_at(self._clock.now()):
            return known
        merged = fresh.with_lid_of(known)
        rows.numbers.save(merged)
        return merged

    def _remember(self, known: KnownNumber) -> None:
        """Cache a found account in memory and evict the oldest; a person's click may look up the others again."""
        if known.account is None or known.phone in self._found:
            return
        if len(self._found) >= _REMEMBERED:
            del self._found[next(iter(self._found))]
        self._found[known.phone] = known
