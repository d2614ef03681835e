"""Claims of orders by customers who write first: finds the order, links the number, records consent."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.domain.claim_text import claimed_order, is_offered_text
from app.domain.consent import Consent, ConsentWay
from app.domain.customer_reply import CustomerReply
from app.domain.errors import UnknownOrderError, UnknownReplyError
from app.domain.events import ReplyArrived
from app.domain.identifiers import MessageId, OrderId
from app.domain.lid import Address, Lid
from app.domain.order import Order
from app.domain.phone import NO_PHONE, Phone
from app.ports.clock import Clock
from app.ports.inbound import Inbound
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.customer_identities import CustomerIdentities, writer_of
from app.services.messaging.inbox import reply_of
from app.services.notifications.contact_history import reassign_pending, record_account, record_inbound
from app.services.orders.order_linking import OrderLinking
from app.services.orders.order_watcher import OrderChanges, OrderWatcher

# Many shops begin with number 1 each morning.
_ORDERED_WITHIN: Final = timedelta(hours=24)
# More orders than one customer waits for at once; stops a sender who tries numbers one after the other.
_MOST_CLAIMED: Final = 5
# Largest difference expected between this PC's clock and WhatsApp's, for a text queued at WhatsApp.
_CLOCKS_APART: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class _ClaimResult:
    """Changes of one claim; empty if the message was recorded before."""

    reply: CustomerReply | None = None
    changes: OrderChanges = field(default_factory=OrderChanges)


@dataclass(frozen=True, slots=True)
class OrderClaims:
    """Claims, one transaction each; idempotent: WhatsApp drops the text only after it and may send it again."""

    store: Store
    bus: EventBus
    clock: Clock
    watcher: OrderWatcher
    linking: OrderLinking
    identities: CustomerIdentities

    def __post_init__(self) -> None:
        self.identities.on_joined(self._make_up_consents)

    async def handle(self, inbound: Inbound) -> bool:
        """Record the claim; False for another text or an unknown order, which makes it an ordinary reply."""
        number = claimed_order(inbound.text) if inbound.text and inbound.kind == "text" else None
        if number is None:
            return False
        result = await self.store.transact(lambda rows: self._record(rows, inbound, number))
        if result is None:
            return False
        self._publish(result)
        return True

    async def use_number(self, order_id: OrderId, message_id: MessageId) -> None:
        """Link the order to the writer of this message, by a person at the counter; idempotent.

        Raises UnknownOrderError, UnknownReplyError.
        """

        def work(rows: Rows) -> _ClaimResult:
            order = rows.orders.get(order_id)
            if order is None:
                raise UnknownOrderError
            wrote = (each for each in rows.replies.of_order(order_id) if each.message_id == message_id)
            reply = next((each for each in wrote if each.phone != NO_PHONE), None)
            if reply is None:
                raise UnknownReplyError
            self._keep_consent(rows, reply, order)
            return _ClaimResult(changes=self.linking.link(rows, order, reply.phone))

        self._publish(await self.store.transact(work))

    def _record(self, rows: Rows, inbound: Inbound, number: int) -> _ClaimResult | None:
        order = self._claimed(rows, inbound, number)
        if order is None:
            return None
        writer = writer_of(rows, inbound)
        reply = reply_of(inbound, writer, order.id, self.clock.now())
        moved = self.identities.record_writer(rows, inbound)
        if not rows.replies.keep(reply, inbound.lid):
            return _ClaimResult(changes=OrderChanges(changed=moved))
        if writer == NO_PHONE:
            return _ClaimResult(reply)
        record_inbound(rows, writer, inbound, self.clock.now())
        record_account(rows, inbound, self.clock.now())
        if not self._may_claim(rows, order, writer):
            return _ClaimResult(reply, OrderChanges(changed=[*moved, *reassign_pending(rows, writer)]))
        self._keep_consent(rows, reply, order)
        changes = self.linking.link(rows, order, writer)
        changes.changed += moved
        return _ClaimResult(reply, changes)

    def _claimed(self, rows: Rows, inbound: Inbound, number: int) -> Order | None:
        """Return the newest order of this number when the text was written: a queued text may mean yesterday's."""
        now = self.clock.now()
        written = now if inbound.live else min(inbound.at, now)
        return rows.orders.numbered(number, written - _ORDERED_WITHIN, written + _CLOCKS_APART)

    def _may_claim(self, rows: Rows, order: Order, writer: Address) -> bool:
        """Return whether the writer may be told of the order, whose number is easily guessed.

        An order with another customer's address is never redirected.
        """
        if not order.has_phone:
            lately = self.clock.now() - _ORDERED_WITHIN
            return rows.consents.orders_of(writer, lately) < _MOST_CLAIMED
        own = self.linking.messages.phone_of(order)
        return own is not None and rows.identities.same(own, writer)

    def _make_up_consents(self, rows: Rows, phone: Phone, lid: Lid) -> None:
        """Keep the consents of claims that this account sent while its number was unknown (K1)."""
        _ = phone
        for reply in rows.replies.claims_of(lid, self.clock.now() - _ORDERED_WITHIN):
            order = rows.orders.get(reply.order_id) if reply.order_id else None
            if order and order.has_phone and self._may_claim(rows, order, lid):
                self._keep_consent(rows, reply, order)

    def _keep_consent(self, rows: Rows, reply: CustomerReply, order: Order) -> None:
        if reply.text is None or claimed_order(reply.text) != order.number:
            return
        rows.consents.keep(
            Consent(
                message_id=reply.message_id,
                session_id=reply.session_id,
                phone=reply.phone,
                way=ConsentWay.SCANNED if is_offered_text(reply.text) else ConsentWay.WRITTEN,
                wording=reply.text,
                given_at=reply.received_at,
                order_id=order.id,
            )
        )

    def _publish(self, result: _ClaimResult) -> None:
        """Publish the order first, so that a reader of the reply sees its customer."""
        self.watcher.publish(result.changes)
        if result.reply:
            self.bus.publish(ReplyArrived(result.reply))
