"""Sender assignment: the shop's number that writes to a customer, chosen once and kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lid import Address, address_forms
from app.domain.order import NotificationType
from app.domain.phone import NO_PHONE
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
        """Return the message with its customer's sender, inside the caller's transaction.

        A code to one of the shop's own numbers comes from that number itself.
        """
        if queued.notification_type is NotificationType.PIN_CODE:
            return queued
        return replace(queued, session_id=self.sender_of(rows, queued.customer_phone))

    def sender_of(self, rows: Rows, customer: Address) -> SessionId:
        """Return the customer's sender, under whichever alias it was chosen."""
        contact = rows.contacts.get(customer)
        if contact and contact.session_id in self._sessions:
            return contact.session_id
        chosen = self._share_of(customer)
        # Orders without an address have no customer in common.
        if customer != NO_PHONE:
            rows.contacts.save(customer, Contact(chosen))
        return chosen

    def _share_of(self, customer: Address) -> SessionId:
        """Choose by the address alone, in any spelling: each computer of the shop chooses the same."""
        at_work = [each for each in self._sessions if not self._is_out(each)] or self._sessions[:1]
        address = address_forms(customer)[0]
        share = int.from_bytes(self._vault.blind_index("phone", address.text)[:8])
        return sorted(at_work)[share % len(at_work)]
