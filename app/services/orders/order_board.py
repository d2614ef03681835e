"""Read model of orders with their messages, holds and replies, for screens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.consent import ConsentBasis, consent_basis
from app.domain.contact import Contact
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import OrderId, SessionId
from app.domain.lid import Address, Lid
from app.domain.notification import Notification, State
from app.domain.order import Order, OrderOutline, stage_of
from app.domain.pickup_reply import PickupReply, pickup_question, pickup_reply
from app.domain.queue_block import block_of
from app.domain.stage_policy import is_finished
from app.domain.untold import UntoldMessage
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store
from app.services.messaging.customer_identities import shown_name
from app.services.messaging.inbox import replies_of_others
from app.services.notifications.order_phone import known_phone_of
from app.services.orders.attention_counts import AttentionCounts, attention_counts
from app.services.orders.board_row import BoardRow, StageNotice, board_row
from app.services.rate_limits.rate_limiters import RateLimiters
from app.services.templates.pickup_offer import PickupOffer

OUTLINES: Final = 500
"""Outlines of a page: bounds how long one page blocks other reads of a screen."""


# A customer can write any number of texts; each is decrypted to find a choice among them.
_TEXTS_READ: Final = 10


@dataclass(frozen=True, slots=True)
class _RowContext:
    """Context that decides why a message waits: its contact, and the customer's unfinished messages."""

    contacts: Mapping[Address, Contact | None]
    owed: Sequence[Notification]


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """All details of one order; `on_whatsapp` is None before the first lookup.

    `phone` is the LID of a customer whose number is hidden, which no screen shows. `others` are the replies of another
    customer than the order's.
    """

    row: BoardRow
    phone: Address | None
    on_whatsapp: bool | None
    notices: Sequence[StageNotice]
    opted_out: bool = False
    replies: Sequence[CustomerReply] = ()
    others: Sequence[CustomerReply] = ()
    asker: str = ""
    """`@username` of the latest of `others`, if that customer hides the number and has one."""
    consent: ConsentBasis = ConsentBasis.UNKNOWN


@dataclass(frozen=True, slots=True)
class Outlines:
    """One page of a period's orders, newest first, with the messages that need a person.

    `next_page` is the key of the following page. `older_doubts`, on the first page, are orders from before that period,
    newest first, with a message in doubt: they wait for a person.
    """

    orders: Sequence[OrderOutline]
    untold: Sequence[UntoldMessage]
    older_doubts: Sequence[OrderOutline] = ()
    next_page: object | None = None


class OrderBoard:
    """Reads on the screen connection, which blocks no other; holds come from the rate limiters."""

    def __init__(
        self, store: Store, phone_numbers: PhoneNumbers, limiters: RateLimiters, offer: PickupOffer
    ) -> None:
        self._store, self._phone_numbers = store, phone_numbers
        self._limiters, self._offer = limiters, offer

    async def latest(self, limit: int) -> Sequence[Order]:
        """Return the latest orders, newest first."""
        return await self._store.read_for_screen(lambda rows: rows.orders.latest(limit))

    async def delivered_since(self, moment: datetime, session_id: SessionId | None = None) -> int:
        """Count the messages sent since then and delivered to the customers' phones.

        They are those of one number, or of all.
        """
        return await self._store.read_for_screen(
            lambda rows: rows.notifications.delivered_since(moment, session_id)
        )

    async def attention(self, since: datetime) -> AttentionCounts:
        """Count the orders made since then that need a person, and the older ones with a message in doubt."""
        return await self._store.read_for_screen(
            lambda rows: attention_counts(rows, since, _older_doubts(rows, since))
        )

    async def outlines(self, since: datetime | None, page: object | None = None) -> Outlines:
        def work(rows: Rows) -> Outlines:
            found = rows.orders.outlines(since, OUTLINES, page)
            untold = rows.notifications.untold([each.id for each in found.outlines])
            older = () if page else _older_doubts(rows, since)
            return Outlines(found.outlines, untold, older, found.next_page)

        return await self._store.read_for_screen(work)

    async def rows(self, order_ids: Sequence[OrderId]) -> Sequence[BoardRow]:
        """Return the rows of the known orders, in any order."""

        def work(rows: Rows) -> tuple[list[BoardRow], _RowContext]:
            found = self._rows(rows, order_ids)
            notices = [notice for row in found for notice in row.notices if notice]
            return found, _row_context(rows, notices)

        found, context = await self._store.read_for_screen(work)
        return [self._held_row(row, context) for row in found]

    async def detail(self, order_id: OrderId) -> OrderDetail | None:
        def work(rows: Rows) -> tuple[OrderDetail, _RowContext] | None:
            found = self._rows(rows, [order_id])
            if not found:
                return None
            phone = known_phone_of(self._phone_numbers, found[0].order)
            known = rows.numbers.get(phone) if phone else None
            on_whatsapp = None if known is None else known.account is not None
            notices = [StageNotice(each) for each in rows.notifications.of_order(order_id)]
            left = phone is not None and rows.opt_outs.in_force(phone) is not None
            wrote = rows.replies.of_order(order_id)
            others = replies_of_others(rows, wrote, phone)
            asker = next((each.phone for each in reversed(others) if not each.gone), None)
            name = shown_name(rows, asker) if isinstance(asker, Lid) else ""
            contact = rows.contacts.get(phone) if phone else None
            consent = consent_basis(rows.consents.of_order(order_id), contact)
            detail = OrderDetail(found[0], phone, on_whatsapp, notices, left, wrote, others, name, consent)
            return detail, _row_context(rows, notices)

        if (read := await self._store.read_for_screen(work)) is None:
            return None
        detail, context = read
        notices = [self._held(notice, context) for notice in detail.notices]
        return replace(detail, row=self._held_row(detail.row, context), notices=notices)

    async def orders(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
        """Return the known orders."""

        def work(rows: Rows) -> dict[OrderId, Order]:
            return {known.id: known for known in rows.orders.page(order_ids)}

        return await self._store.read_for_screen(work)

    async def unread(self, order_ids: Sequence[OrderId]) -> Mapping[OrderId, int]:
        """Return the number of unread replies of each of these orders; those without any are left out."""
        return await self._store.read_for_screen(lambda rows: rows.replies.unread(order_ids))

    async def notifications(self, order_ids: Sequence[OrderId]) -> Sequence[Notification]:
        """Return the messages of all these orders, oldest first."""
        return await self._store.read_for_screen(lambda rows: rows.notifications.of_orders(order_ids))

    def _rows(self, rows: Rows, order_ids: Sequence[OrderId]) -> list[BoardRow]:
        of_order: dict[OrderId | None, list[StageNotice]] = {}
        for notification in rows.notifications.of_orders(order_ids):
            of_order.setdefault(notification.order_id, []).append(StageNotice(notification))
        unread = rows.replies.unread(order_ids)
        orders = rows.orders.page(order_ids)
        pickups = self._pickups(rows, orders, of_order)
        return [
            self._row(rows, order, of_order.get(order.id, []), unread.get(order.id, 0), pickups.get(order.id))
            for order in orders
        ]

    def _row(
        self,
        rows: Rows,
        order: Order,
        notices: Sequence[StageNotice],
        unread: int,
        pickup: PickupReply | None,
    ) -> BoardRow:
        address = known_phone_of(self._phone_numbers, order)
        row = board_row(order, self._masked(rows, address), notices, unread, pickup, address)
        if not row.untold or address is None:
            return row
        return replace(row, opted_out=rows.opt_outs.in_force(address) is not None)

    def _pickups(
        self, rows: Rows, orders: Sequence[Order], notices: Mapping[OrderId | None, Sequence[StageNotice]]
    ) -> Mapping[OrderId, PickupReply]:
        """Return the customers' choices for the orders that are still to be collected."""
        if not self._offer.on:
            return {}
        asked = {
            order.id: question
            for order in orders
            if not is_finished(order)
            and (question := pickup_question(each.notification for each in notices.get(order.id, ())))
        }
        if not asked:
            return {}
        earliest = min(question.since for question in asked.values())
        texts = rows.replies.texts_since(tuple(asked), earliest, _TEXTS_READ)
        found: dict[OrderId, PickupReply] = {}
        for order_id, question in asked.items():
            theirs = [
                each
                for each in texts.get(order_id, ())
                if rows.identities.same(each.phone, question.customer)
            ]
            if pickup := pickup_reply(question, theirs):
                found[order_id] = pickup
        return found

    def _held_row(self, row: BoardRow, context: _RowContext) -> BoardRow:
        if not any(notice and notice.state is State.PENDING for notice in row.notices):
            return row
        return replace(row, notices=tuple(each and self._held(each, context) for each in row.notices))

    def _held(self, notice: StageNotice, context: _RowContext) -> StageNotice:
        """Add the hold; limiters belong to the event loop and must not be read on the database's thread."""
        waiting = notice.notification
        if waiting.state is not State.PENDING:
            return notice
        if block := block_of(waiting, context.owed):
            return replace(notice, block=block)
        return replace(notice, hold=self._limiters.hold(waiting, context.contacts.get(waiting.phone)))

    def _masked(self, rows: Rows, address: Address | None) -> str | None:
        if isinstance(address, Lid):
            return shown_name(rows, address)
        return address.masked if address else None


def _row_context(rows: Rows, notices: Sequence[StageNotice]) -> _RowContext:
    """Load the context of customers with a pending message."""
    waiting = {each.notification.phone for each in notices if each.state is State.PENDING}
    contacts = {phone: rows.contacts.get(phone) for phone in waiting}
    return _RowContext(contacts, rows.notifications.unfinished_of(tuple(waiting)) if waiting else ())


def _older_doubts(rows: Rows, since: datetime | None) -> Sequence[OrderOutline]:
    """Return orders before the period with their present stage in doubt, newest first: a person has to decide."""
    if since is None:
        return ()
    doubted = set(rows.aging.doubted_orders())
    orders = rows.orders.page([order_id for order_id, _ in doubted]) if doubted else ()
    older = [order for order in orders if order.created_at < since and (order.id, stage_of(order)) in doubted]
    return [order.outline for order in sorted(older, key=lambda order: order.created_at, reverse=True)]
