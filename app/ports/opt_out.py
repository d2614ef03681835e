"""Opt-outs of customers, within one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.identifiers import MessageId
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone


class OptOutRows(Protocol):
    """Found by the number's blind index under every spelling; the number itself is not stored (X1, X3)."""

    def in_force(self, phone: Phone) -> OptOut | None: ...

    def all_in_force(self, phones: Sequence[Phone]) -> Mapping[Phone, OptOut]:
        """Return the opt-outs in force of these numbers; numbers without one are left out."""
        ...

    def add(self, phone: Phone, opt_out: OptOut) -> None:
        """Insert the opt-out; raises ContractViolationError if one is in force."""
        ...

    def undo(self, phone: Phone, at: datetime, by: OptOutSource, reason: str | None) -> None:
        """End the opt-out in force and keep it on record; no-op without one."""
        ...

    def history(self, phone: Phone) -> Sequence[OptOut]:
        """Return all opt-outs of the number, oldest first."""
        ...

    def hear(self, phone: Phone, message_id: MessageId, at: datetime) -> bool:
        """Remember a customer's opt-out word; False if this very message was received before."""
        ...
