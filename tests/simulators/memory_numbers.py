"""WhatsApp's answers about numbers in the store in memory."""

from collections.abc import Sequence

from app.domain.account import KnownNumber
from app.domain.identifiers import SessionId
from app.domain.lid import Address
from tests.simulators.memory_tables import Tables


class MemoryNumberRows:
    def __init__(self, tables: Tables) -> None:
        self._rows = tables.numbers
        self._suspects = tables.suspects

    def get(self, address: Address) -> KnownNumber | None:
        return self._rows.get(address)

    def save(self, known: KnownNumber) -> None:
        self._rows[known.phone] = known

    def suspect(self, address: Address, session_id: SessionId) -> None:
        if address in self._rows:
            self._suspects[address] = self._suspects.get(address, frozenset()) | {session_id}

    def suspects(self, session_id: SessionId) -> Sequence[KnownNumber]:
        return [self._rows[phone] for phone, sessions in self._suspects.items() if session_id in sessions]

    def clear_suspects(self, addresses: Sequence[Address], session_id: SessionId) -> None:
        for address in addresses:
            others = self._suspects.pop(address, frozenset()) - {session_id}
            if others:
                self._suspects[address] = others
