"""The opt-outs, as seen inside one transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import MessageId
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone


class OptOutRows(Protocol):
    """Found by the number's blind index under every spelling; the number itself is not kept (X1, X3)."""

    def in_force(self, phone: Phone) -> OptOut | None: ...

    def add(self, phone: Phone, opt_out: OptOut) -> None:
        """Raises ContractViolationError where one is in force."""
        ...

    def undo(self, phone: Phone, at: datetime, by: OptOutSource, reason: str | None) -> None:
        """What is in force is so no longer, and stays on record; nothing where none is."""
        ...

    def history(self, phone: Phone) -> Sequence[OptOut]:
        """Oldest first."""
        ...

    def hear(self, phone: Phone, message_id: MessageId, at: datetime) -> bool:
        """Remember a customer's word; False when this very message was heard before."""
        ...
