"""Opt-outs and returns of customers, by their words PARAR and VOLTAR or by a manager."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from app.domain.errors import CocoLokoError, ManagerNeededError, NotOptedOutError, ReasonMissingError
from app.domain.events import NotificationChanged, ProblemReported
from app.domain.identifiers import NotificationId, confirmation_id
from app.domain.notification import Notification
from app.domain.opt_out import OptOut, OptOutSource, OptOutWord, word_in
from app.domain.order import NotificationType
from app.domain.phone import Phone, customer_forms
from app.domain.template import MessageTemplate, render
from app.domain.visible_text import visible_text
from app.ports.clock import Clock
from app.ports.messenger import EDIT, Inbound
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.opt_out_guard import OptOutGuard
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
    """Numbers with a changed opt-out, and the changes that follow from it."""

    phones: Sequence[Phone] = ()
    moved: Sequence[Notification] = ()
    confirmation: EnqueueResult | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class OptOuts:
    """Use cases of opting out; `may_lift` says whether the person at the counter may undo a customer's opt-out."""

    store: Store
    queue: NotificationQueueManager
    bus: EventBus
    clock: Clock
    phone_numbers: PhoneNumbers
    guard: OptOutGuard
    texts: ConfirmationTexts
    may_lift: Callable[[], bool]
    _one_by_one: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

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
                if word is OptOutWord.LEAVE and inbound.phone:
                    self.guard.block(inbound.phone, None)
                self.bus.publish(ProblemReported("opt_out_not_recorded"))
                raise

    async def undo(self, phone: str, reason: str) -> None:
        """Undo an opt-out by a manager, with a reason; the number is as typed.

        Raises ManagerNeededError, InvalidPhoneError, ReasonMissingError, NotOptedOutError.
        """
        if not self.may_lift():
            raise ManagerNeededError
        number, why, at = self.phone_numbers.parse(phone), visible_text(reason).strip(), self.clock.now()
        if not why:
            raise ReasonMissingError

        def work(rows: Rows) -> None:
            if rows.opt_outs.in_force(number) is None:
                raise NotOptedOutError
            rows.opt_outs.undo(number, at, OptOutSource.MANAGER, why)

        async with self._one_by_one:
            await self.store.transact(work)
            self.guard.unblock(number)

    async def _leave(self, inbound: Inbound) -> None:
        """Block the numbers in memory before the commit; repeat for a number that became known since."""
        confirmation = confirmation_id(inbound.session_id, inbound.message_id, OptOutWord.LEAVE)
        closed = set[Phone]()
        change = None
        while change is None:
            staying = await self.store.read(lambda rows: _staying(rows, _senders(rows, inbound)))
            for phone in staying:
                self.guard.block(phone, confirmation)
            closed.update(_customers(staying))
            change = await self.store.transact(lambda rows: self._left(rows, inbound, closed, confirmation))
        for phone in closed - _customers(change.phones):
            self.guard.unblock(phone)
        self._announce(change)

    def _left(
        self, rows: Rows, inbound: Inbound, closed: Set[Phone], confirmation: NotificationId
    ) -> _OptOutChange | None:
        """Opt out and confirm; None, without a write, if one of the writer's numbers is not blocked yet."""
        phones, at = _senders(rows, inbound), self.clock.now()
        if not phones:
            return _OptOutChange(trouble="opt_out_sender_unknown")
        if not closed >= _customers(_staying(rows, phones)):
            return None
        fresh = [phone for phone in phones if rows.opt_outs.hear(phone, inbound.message_id, at)]
        leaving = _staying(rows, fresh)
        if not leaving:
            return _OptOutChange()
        opt_out = OptOut(
            inbound.at, OptOutSource.CUSTOMER, confirmation_id=confirmation, message_id=inbound.message_id
        )
        for phone in leaving:
            rows.opt_outs.add(phone, opt_out)
        moved = [each for phone in leaving for each in suppress_all_of(rows, phone, at)]
        return _OptOutChange(
            leaving, moved, self._confirm(rows, inbound, leaving[0], confirmation, self.texts.left)
        )

    async def _return(self, inbound: Inbound) -> None:
        change = await self.store.transact(lambda rows: self._returned(rows, inbound))
        for phone in change.phones:
            self.guard.unblock(phone)
        self._announce(change)

    def _returned(self, rows: Rows, inbound: Inbound) -> _OptOutChange:
        """Undo opt-outs older than this message: WhatsApp may deliver an old VOLTAR after a newer PARAR."""
        phones, at = _senders(rows, inbound), self.clock.now()
        fresh = [phone for phone in phones if rows.opt_outs.hear(phone, inbound.message_id, at)]
        standing = [(phone, rows.opt_outs.in_force(phone)) for phone in fresh]
        coming = [phone for phone, opt_out in standing if opt_out and opt_out.opted_out_at <= inbound.at]
        if not coming:
            return _OptOutChange()
        for phone in coming:
            rows.opt_outs.undo(phone, inbound.at, OptOutSource.CUSTOMER, None)
        confirmation = confirmation_id(inbound.session_id, inbound.message_id, OptOutWord.RETURN)
        return _OptOutChange(
            coming, (), self._confirm(rows, inbound, coming[0], confirmation, self.texts.returned)
        )

    def _confirm(
        self, rows: Rows, inbound: Inbound, phone: Phone, confirmation: NotificationId, text: str
    ) -> EnqueueResult | None:
        """Queue the confirmation from the shop's number that the customer wrote to; None if it is queued already."""
        if rows.notifications.get(confirmation):
            return None
        queued = QueuedNotification(
            id=confirmation,
            order_id=None,
            customer_phone=phone,
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


def _senders(rows: Rows, inbound: Inbound) -> list[Phone]:
    """Return the writer's numbers, one spelling each.

    WhatsApp may name a customer by number, by account id, or both; an account may be known by more than one number.
    """
    known = [inbound.phone] if inbound.phone else []
    if inbound.lid:
        known += [number.phone for number in rows.numbers.by_lid(inbound.lid)]
    one_each = {customer_forms(phone): phone for phone in reversed(known)}
    return list(reversed(one_each.values()))


def _staying(rows: Rows, phones: Sequence[Phone]) -> list[Phone]:
    """Return the numbers that have not opted out."""
    return [phone for phone in phones if rows.opt_outs.in_force(phone) is None]


def _customers(phones: Iterable[Phone]) -> set[Phone]:
    """Return one canonical spelling per customer."""
    return {customer_forms(phone)[0] for phone in phones}
