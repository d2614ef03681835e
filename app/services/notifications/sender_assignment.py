"""Sender assignment: the shop's number that writes to a customer, chosen once and kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.phone import Phone, customer_forms
from app.ports.store import Rows
from app.ports.vault import Vault
from app.services.notifications.records import QueuedNotification


class SenderAssignment:
    """Spreads new customers over the working numbers; each customer keeps its sender (Q9)."""

    def __init__(
        self, vault: Vault, sessions: Sequence[SessionId], is_out: Callable[[SessionId], bool]
    ) -> None:
        self._vault, self._sessions, self._is_out = vault, tuple(sessions), is_out

    def assign(self, rows: Rows, queued: QueuedNotification) -> QueuedNotification:
        """Return the message with its customer's sender, inside the caller's transaction."""
        return replace(queued, session_id=self.sender_of(rows, queued.customer_phone))

    def sender_of(self, rows: Rows, phone: Phone) -> SessionId:
        """Return the customer's sender, under whichever spelling of the number it was chosen.

        The spelling asked for comes first: what is on disk for it never changes.
        """
        if kept := self._kept(rows, phone):
            return kept
        others = (self._kept(rows, form) for form in customer_forms(phone) if form != phone)
        chosen = next(filter(None, others), None) or self._share_of(phone)
        rows.contacts.save(phone, Contact(chosen))
        return chosen

    def _kept(self, rows: Rows, phone: Phone) -> SessionId | None:
        contact = rows.contacts.get(phone)
        return contact.session_id if contact and contact.session_id in self._sessions else None

    def _share_of(self, phone: Phone) -> SessionId:
        """Choose by the number alone, in any spelling: each computer of the shop chooses the same."""
        at_work = [each for each in self._sessions if not self._is_out(each)] or self._sessions[:1]
        share = int.from_bytes(self._vault.blind_index("phone", customer_forms(phone)[0].number)[:8])
        return sorted(at_work)[share % len(at_work)]
