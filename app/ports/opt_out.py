"""Opt-outs of customers, within one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from app.domain.identifiers import IdentityId, MessageId
from app.domain.lid import Address
from app.domain.opt_out import OptOut, OptOutSource

LARGEST_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """Opt-outs in force with their customers, newest first; `next` continues the list, None at its end.

    The customer is None where the row does not tell whose it is.
    """

    rows: Sequence[tuple[IdentityId | None, OptOut]]
    next: int | None


class OptOutRows(Protocol):
    """Found under every alias of the customer, by blind indexes; the number itself is not stored (X1, X3)."""

    def in_force(self, customer: Address) -> OptOut | None: ...

    def all_in_force(self, customers: Sequence[Address]) -> Mapping[Address, OptOut]:
        """Return the opt-outs in force of these customers; those without one are left out."""
        ...

    def newest(self, limit: int, before: int | None = None) -> OptOutPage:
        """Return those in force among the next `limit` decisions, at most LARGEST_PAGE; undone ones count too."""
        ...

    def add(self, customer: Address, opt_out: OptOut) -> None:
        """Insert the opt-out; raises ContractViolationError if one is in force."""
        ...

    def add_to_identity(self, identity: IdentityId, opt_out: OptOut) -> None:
        """Insert the opt-out under a LID of the identity, even one that was emptied; no-op if one is in force."""
        ...

    def undo(self, customer: Address, at: datetime, by: OptOutSource, reason: str | None) -> None:
        """End the opt-out in force and keep it on record; no-op without one."""
        ...

    def history(self, customer: Address) -> Sequence[OptOut]:
        """Return all opt-outs of the customer, oldest first."""
        ...

    def hear(self, customer: Address, message_id: MessageId, at: datetime) -> bool:
        """Remember a customer's opt-out word; False if this very message was received before."""
        ...
