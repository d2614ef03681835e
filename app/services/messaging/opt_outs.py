"""Opt-outs and returns of customers, by their words PARAR and VOLTAR or by a manager."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from app.domain.access import ProtectedAct
from app.domain.errors import (
    CocoLokoError,
    NotOptedOutError,
    ReasonMissingError,
    UnknownOrderError,
)
from app.domain.events import NotificationChanged, ProblemReported
from app.domain.identifiers import IdentityId, NotificationId, OrderId, confirmation_id
from app.domain.lid import Address, Lid
from app.domain.notification import Notification
from app.domain.opt_out import OptOut, OptOutSource, OptOutWord, word_in
from app.domain.order import NotificationType
from app.domain.template import MessageTemplate, render
from app.domain.visible_text import visible_text
from app.ports.clock import Clock
from app.ports.inbound import EDIT, Inbound
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.access.gate import AccessGate
from app.services.event_bus import EventBus
from app.services.messaging.customer_identities import (
    CustomerIdentities,
    addresses_named,
    writer_of,
    writers_of,
)
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.messaging.opt_out_list import OptOutList
from app.services.notifications.order_phone import phone_of_order
from app.services.notifications.queue_manager import NotificationQueueManager
from app.services.notifications.records import EnqueueResult, QueuedNotification
from app.services.notifications.suppression import suppress_all_of
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class ConfirmationTexts:
    """Confirmations sent to the customer after leaving and after coming back."""

    left: str
    returned: str


def confirmation_texts(wordings: Mapping[str, str], shop: ShopProfile) -> ConfirmationTexts:
    """Return the shipped texts, `left` and `returned`, signed by the shop."""

    def rendered(name: str) -> str:
        wording = MessageTemplate(name, NotificationType.OPT_OUT_CONFIRMATION, wordings[name])
        return render(wording, {"shopName": shop.name})

    return ConfirmationTexts(left=rendered("left"), returned=rendered("returned"))


@dataclass(frozen=True, slots=True)
class _OptOutChange:
    """Customers with a changed opt-out, and the changes that follow from it."""

    customers: frozenset[IdentityId] = frozenset()
    moved: Sequence[Notification] = ()
    confirmation: EnqueueResult | None = None
    trouble: str | None = None
    addresses: Iterable[Address] = ()
    """Addresses of the customers who came back: one may be blocked that could not be recorded."""


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Use cases of opting out; undoing a customer's opt-out needs the manager."""

    store: Store
    queue: NotificationQueueManager
    bus: EventBus
    clock: Clock
    phone_numbers: PhoneNumbers
    guard: OptOutGuard
    identities: CustomerIdentities
    texts: Callable[[], ConfirmationTexts]
    gate: AccessGate
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    @property
    def standing(self) -> OptOutList:
        """Return the list of those in force."""
        return OptOutList(self.store, self.phone_numbers)

    async def handle(self, inbound: Inbound) -> None:
        """Obey the text if it is an opt-out word; idempotent for a message that comes again (X1)."""
        word = word_in(inbound.text) if inbound.text else None
        # An edit may opt out but never back in: only a message of its own resumes sending (K9).
        if word is None or (word is OptOutWord.RETURN and inbound.kind == EDIT):
            return
        async with self._one_by_one:
            try:
                await (self._leave(inbound) if word is OptOutWord.LEAVE else self._return(inbound))
            except CocoLokoError:
                if word is OptOutWord.LEAVE:
                    self._block_unrecorded(inbound)
                self.bus.publish(ProblemReported("opt_out_not_recorded"))
                raise

    async def undo(self, phone: str, reason: str) -> None:
        """Undo an opt-out by a manager, with a reason; the number is as typed.

        Raises ManagerNeededError, InvalidPhoneError, ReasonMissingError, NotOptedOutError.
        """
        await self._authorize_undo(reason)
        number = self.phone_numbers.parse(phone)
        await self._undo(lambda _: number, reason)

    async def undo_for_customer(self, customer: Address, reason: str) -> None:
        """Undo the opt-out of a customer from the list, whose number may be hidden; raises as `undo` does."""
        await self._authorize_undo(reason)
        await self._undo(lambda _: customer, reason)

    async def undo_for_order(self, order_id: OrderId, reason: str) -> None:
        """Undo the opt-out of the order's customer, who may have no visible number.

        Raises UnknownOrderError besides the errors of `undo`.
        """

        def customer(rows: Rows) -> Address:
            order = rows.orders.get(order_id)
            if order is None:
                raise UnknownOrderError
            return phone_of_order(self.phone_numbers, order)

        await self._authorize_undo(reason)
        await self._undo(customer, reason)

    async def _authorize_undo(self, reason: str) -> None:
        if not visible_text(reason).strip():
            raise ReasonMissingError
        await self.gate.authorize(ProtectedAct.LIFT_OPT_OUT)

    async def _undo(self, customer_of: Callable[[Rows], Address], reason: str) -> None:
        at, why = self.clock.now(), visible_text(reason).strip()

        def work(rows: Rows) -> Iterable[IdentityId | Address]:
            customer = customer_of(rows)
            if rows.opt_outs.in_force(customer) is None:
                raise NotOptedOutError
            rows.opt_outs.undo(customer, at, OptOutSource.MANAGER, why)
            return [rows.identities.of(customer), *_known_addresses(rows, [customer])]

        async with self._one_by_one:
            for key in await self.store.transact(work):
                self.guard.unblock(key)

    def _block_unrecorded(self, inbound: Inbound) -> None:
        """Block the addresses themselves, where the database does not tell the identity."""
        for address in addresses_named(inbound):
            self.guard.block(address, None)

    async def _leave(self, inbound: Inbound) -> None:
        """Block the customers in memory before the commit; repeat for one that became known since."""
        confirmation = confirmation_id(inbound.session_id, inbound.message_id, OptOutWord.LEAVE)
        closed = set[IdentityId]()
        change = None
        while change is None:
            staying = await self.store.read(
                lambda rows: _identities(rows, _staying(rows, writers_of(rows, inbound)))
            )
            for customer in staying:
                self.guard.block(customer, confirmation)
            closed.update(staying)
            change = await self.store.transact(lambda rows: self._left(rows, inbound, closed, confirmation))
        # A block by address, which was set before the database could be read, would hold the confirmation back too.
        for unneeded in (*(closed - change.customers), *addresses_named(inbound)):
            self.guard.unblock(unneeded)
        self._announce(change)

    def _left(
        self, rows: Rows, inbound: Inbound, closed: Set[IdentityId], confirmation: NotificationId
    ) -> _OptOutChange | None:
        """Opt out and confirm; None, without a write, if one of the writer's identities is not blocked yet."""
        at, staying = self.clock.now(), _identities(rows, _staying(rows, writers_of(rows, inbound)))
        if not writers_of(rows, inbound):
            return _OptOutChange(trouble="opt_out_sender_unknown")
        if not closed >= staying:
            return None
        # First: a number that has become another person's must not opt out its former owner (K4).
        moves_on, moved = _moves_on(rows, inbound), self.identities.record_writer(rows, inbound)
        writers = writers_of(rows, inbound)
        fresh = [each for each in writers if rows.opt_outs.hear(each, inbound.message_id, at)]
        # Heard before under the other address: the customer may have come back since.
        returned = _staying(rows, [each for each in writers if each not in fresh])
        leaving = [] if returned else _staying(rows, fresh)
        for customer in leaving:
            rows.identities.keep(customer, at)
            rows.opt_outs.add(
                customer, OptOut(inbound.at, OptOutSource.CUSTOMER, confirmation, None, inbound.message_id)
            )
            moved += suppress_all_of(rows, customer, at)
        left = [each for each in writers_of(rows, inbound) if rows.opt_outs.in_force(each)]
        # A message on its way may bear the identity that one of the writer's two addresses had until now.
        customers = _identities(rows, left) | (staying if left and not moves_on else frozenset())
        confirmed = self._confirm(rows, inbound, confirmation, self.texts().left) if leaving else None
        return _OptOutChange(customers, moved, confirmed)

    async def _return(self, inbound: Inbound) -> None:
        change = await self.store.transact(lambda rows: self._returned(rows, inbound))
        for customer in (*change.customers, *change.addresses):
            self.guard.unblock(customer)
        self._announce(change)

    def _returned(self, rows: Rows, inbound: Inbound) -> _OptOutChange:
        """Undo opt-outs older than this message: WhatsApp may deliver an old VOLTAR after a newer PARAR."""
        moved, at = self.identities.record_writer(rows, inbound), self.clock.now()
        fresh = [
            each for each in writers_of(rows, inbound) if rows.opt_outs.hear(each, inbound.message_id, at)
        ]
        standing = [(customer, rows.opt_outs.in_force(customer)) for customer in fresh]
        coming = [
            customer for customer, opt_out in standing if opt_out and opt_out.opted_out_at <= inbound.at
        ]
        if not coming:
            return _OptOutChange(moved=moved)
        for customer in coming:
            rows.opt_outs.undo(customer, inbound.at, OptOutSource.CUSTOMER, None)
        confirmation = confirmation_id(inbound.session_id, inbound.message_id, OptOutWord.RETURN)
        return _OptOutChange(
            _identities(rows, coming),
            moved,
            self._confirm(rows, inbound, confirmation, self.texts().returned),
            addresses=_known_addresses(rows, addresses_named(inbound)),
        )

    def _confirm(
        self, rows: Rows, inbound: Inbound, confirmation: NotificationId, text: str
    ) -> EnqueueResult | None:
        """Queue the confirmation from the shop's number that the customer wrote to; None if it is queued already."""
        if rows.notifications.get(confirmation):
            return None
        queued = QueuedNotification(
            id=confirmation,
            order_id=None,
            customer_phone=writer_of(rows, inbound),
            message=text,
            notification_type=NotificationType.OPT_OUT_CONFIRMATION,
            scheduled_at=self.clock.now(),
            session_id=inbound.session_id,
        )
        return self.queue.enqueue_within(rows, queued, by_person=False)

    def _announce(self, change: _OptOutChange) -> None:
        if change.trouble:
            self.bus.publish(ProblemReported(change.trouble))
        self.bus.publish(*(NotificationChanged(notification) for notification in change.moved))
        if change.confirmation:
            self.queue.publish_enqueued(change.confirmation)


def _known_addresses(rows: Rows, addresses: Iterable[Address]) -> list[Address]:
    """Return the addresses, each with the other one of its customer."""
    pairs = (
        (each, rows.identities.phone_of(each) if isinstance(each, Lid) else rows.identities.lid_of(each))
        for each in addresses
    )
    return [address for pair in pairs for address in pair if address]


def _staying(rows: Rows, customers: Sequence[Address]) -> list[Address]:
    """Return the customers who have not opted out."""
    return [customer for customer in customers if rows.opt_outs.in_force(customer) is None]


def _identities(rows: Rows, customers: Iterable[Address]) -> frozenset[IdentityId]:
    return frozenset(map(rows.identities.of, customers))


def _moves_on(rows: Rows, inbound: Inbound) -> bool:
    """Return whether the writer's number belonged to another account until this message (K4)."""
    former = rows.identities.lid_of(inbound.phone) if inbound.phone else None
    return former is not None and former != inbound.lid
