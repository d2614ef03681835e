"""The opt-outs of the store in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.errors import ContractViolationError
from app.domain.identifiers import IdentityId, MessageId
from app.domain.lid import Address
from app.domain.opt_out import OptOut, OptOutSource
from app.ports.opt_out import LARGEST_PAGE, OptOutPage
from tests.simulators.memory_identities import MemoryIdentityRows, canonical


class MemoryOptOutRows:
    def __init__(
        self,
        rows: dict[int, tuple[Address, OptOut]],
        heard: dict[tuple[Address, MessageId], datetime],
        identities: MemoryIdentityRows,
    ) -> None:
        self._rows, self._heard, self._identities = rows, heard, identities

    def in_force(self, customer: Address) -> OptOut | None:
        return next((each for _, each in self._theirs(customer) if each.undone_at is None), None)

    def all_in_force(self, customers: Sequence[Address]) -> Mapping[Address, OptOut]:
        return {customer: opt_out for customer in customers if (opt_out := self.in_force(customer))}

    def newest(self, limit: int, before: int | None = None) -> OptOutPage:
        limit = min(limit, LARGEST_PAGE)
        seqs = [seq for seq in sorted(self._rows, reverse=True) if before is None or seq < before][:limit]
        kept = [self._rows[seq] for seq in seqs]
        standing = [(self._identities.of(whose), each) for whose, each in kept if each.undone_at is None]
        return OptOutPage(standing, seqs[-1] if len(seqs) == limit else None)

    def add(self, customer: Address, opt_out: OptOut) -> None:
        if self.in_force(customer) is not None:
            raise ContractViolationError("opted out already")
        self._rows[len(self._rows)] = (canonical(customer), opt_out)

    def add_to_identity(self, identity: IdentityId, opt_out: OptOut) -> None:
        lid = self._identities.any_lid_of(identity)
        if lid is not None and self.in_force(lid) is None:
            self.add(lid, opt_out)

    def undo(self, customer: Address, at: datetime, by: OptOutSource, reason: str | None) -> None:
        for seq, each in self._theirs(customer):
            if each.undone_at is None:
                undone = replace(each, undone_at=at, undone_by=by, undo_reason=reason)
                self._rows[seq] = (self._rows[seq][0], undone)

    def history(self, customer: Address) -> Sequence[OptOut]:
        return [each for _, each in self._theirs(customer)]

    def hear(self, customer: Address, message_id: MessageId, at: datetime) -> bool:
        same = (whose for whose, heard in self._heard if heard == message_id)
        if any(self._identities.same(whose, customer) for whose in same):
            return False
        self._heard[canonical(customer), message_id] = at
        return True

    def _theirs(self, customer: Address) -> list[tuple[int, OptOut]]:
        kept = self._rows.items()
        return [(seq, each) for seq, (whose, each) in kept if self._identities.same(whose, customer)]
