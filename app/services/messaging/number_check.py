"""Finds the WhatsApp account of a number and remembers the answer."""

from app.domain.account import CouldNotAsk, KnownNumber, NumberAnswer
from app.domain.identifiers import SessionId
from app.domain.phone import Phone, ninth_digit_forms
from app.ports.clock import Clock
from app.ports.messenger import Messenger
from app.ports.store import Store


class NumberCheck:
    """Both Brazilian forms are asked at once; only a real answer is kept (P2)."""

    def __init__(self, store: Store, messenger: Messenger, clock: Clock) -> None:
        self._store, self._messenger, self._clock = store, messenger, clock

    async def account_of(self, session_id: SessionId, phone: Phone) -> NumberAnswer:
        """The account, None where there is none, or CouldNotAsk; raises what the messenger raises."""
        now = self._clock.now()
        known = await self._store.read(lambda rows: rows.numbers.get(phone))
        if known and known.fresh_at(now):
            return known.account
        answer = await self._messenger.find_number(session_id, ninth_digit_forms(phone))
        if not isinstance(answer, CouldNotAsk):
            fresh = KnownNumber(phone, answer, now)
            await self._store.transact(lambda rows: rows.numbers.save(fresh))
        return answer
