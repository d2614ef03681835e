"""The opt-outs of the store in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app.domain.errors import ContractViolationError
from app.domain.identifiers import MessageId
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone, customer_forms


class MemoryOptOutRows:
    def __init__(
        self, rows: dict[int, tuple[Phone, OptOut]], heard: dict[tuple[Phone, MessageId], datetime]
    ) -> None:
        self._rows, self._heard = rows, heard

    def in_force(self, phone: Phone) -> OptOut | None:
        return next((each for _, each in self._theirs(phone) if each.undone_at is None), None)

    def all_in_force(self, phones: Sequence[Phone]) -> Mapping[Phone, OptOut]:
        return {phone: opt_out for phone in phones if (opt_out := self.in_force(phone))}

    def add(self, phone: Phone, opt_out: OptOut) -> None:
        if self.in_force(phone) is not None:
            raise ContractViolationError("opted out already")
        self._rows[len(self._rows)] = (customer_forms(phone)[0], opt_out)

    def undo(self, phone: Phone, at: datetime, by: OptOutSource, reason: str | None) -> None:
        for seq, each in self._theirs(phone):
            if each.undone_at is None:
                undone = replace(each, undone_at=at, undone_by=by, undo_reason=reason)
                self._rows[seq] = (customer_forms(phone)[0], undone)

    def history(self, phone: Phone) -> Sequence[OptOut]:
        return [each for _, each in self._theirs(phone)]

    def hear(self, phone: Phone, message_id: MessageId, at: datetime) -> bool:
        word = (customer_forms(phone)[0], message_id)
        if word in self._heard:
            return False
        self._heard[word] = at
        return True

    def _theirs(self, phone: Phone) -> list[tuple[int, OptOut]]:
        key = customer_forms(phone)[0]
        return [(seq, each) for seq, (whose, each) in self._rows.items() if whose == key]
