"""Linking of an order to the customer of a claim, with the message then due."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from app.domain.errors import RefusalError
from app.domain.lid import Address
from app.domain.notification import UNFINISHED, Notification, State
from app.domain.order import Order, stage_of
from app.domain.order_merge import choose_phone
from app.domain.queue_policy import QueuePolicy
from app.domain.stage_policy import has_later_stage, is_due_again, is_ended
from app.ports.clock import Clock
from app.ports.store import Rows
from app.services.messaging.records import NotificationRequest
from app.services.messaging.service import WhatsAppMessageService
from app.services.notifications.contact_history import reassign_pending
from app.services.notifications.suppression import supersede_earlier_stages, suppress_if_opted_out
from app.services.orders.order_watcher import OrderChanges, OrderWatcher


@dataclass(frozen=True, slots=True)
class OrderLinking:
    """Runs in the caller's transaction; the watcher publishes the changes after the commit."""

    watcher: OrderWatcher
    messages: WhatsAppMessageService
    clock: Clock
    policy: Callable[[], QueuePolicy]

    def link(self, rows: Rows, order: Order, phone: Address) -> OrderChanges:
        """Set the address, and queue the present stage's message if that never happened.

        One that could not be sent is queued again under its own id while it is fresh (A2). An order that has an
        address of the same customer keeps it as it is.
        """
        own = self.messages.phone_of(order)
        known = own is not None and rows.identities.same(own, phone)
        linked = order if known else choose_phone(order, phone.text)
        changes = self.watcher.apply(rows, linked)
        changes.changed += reassign_pending(rows, phone)
        # All of the order's messages use this spelling, by which a customer's messages keep their order (Q2).
        number, row = self.messages.phone_of(linked), self._due_message(rows, linked)
        if number and row:
            with suppress(RefusalError):
                self._send_due(rows, linked, row, number, changes)
        return changes

    def _due_message(self, rows: Rows, order: Order) -> Notification | None:
        """Return the message due again; None after a later stage, or while the same one is unfinished.

        The status may have gone back, so that a later stage is known or pending.
        """
        known = rows.notifications.of_order(order.id)
        present = [row for row in known if row.type is stage_of(order)]
        if is_ended(order) or not present or has_later_stage(known, present[-1].type):
            return None
        context = self.policy().context(self.clock.now())
        on_its_way = any(row.state in UNFINISHED for row in present)
        return present[-1] if not on_its_way and is_due_again(present[-1], context) else None

    def _send_due(
        self, rows: Rows, order: Order, row: Notification, phone: Address, changes: OrderChanges
    ) -> None:
        """Send the due message; after a hand-over its number never changes (Q4): another number needs a new row."""
        if row.sending_at is None or rows.identities.same(row.phone, phone):
            changes.changed += self._requeued(rows, order, row, phone)
        elif rows.opt_outs.in_force(phone) is None:
            changes.enqueued.append(
                self.messages.resend_within(rows, NotificationRequest(order.id, row.type))
            )

    def _requeued(self, rows: Rows, order: Order, row: Notification, phone: Address) -> list[Notification]:
        at, text = self.clock.now(), self.messages.text_of(order, row.type)
        sender = self.messages.queue.sender_of(rows, phone)
        pending = replace(row.transitioned(State.PENDING, at), attempts=0, scheduled_at=at, session_id=sender)
        if row.sending_at is None:
            pending = pending.reworded(text, phone)
            rows.notifications.rewrite(pending)
        awake = suppress_if_opted_out(rows, pending, at)
        rows.notifications.save(awake)
        return [awake, *supersede_earlier_stages(rows, awake, at)]
