"""Ready orders whose customers were not told, one for each reason."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from app.domain.attempt import InDoubt, Outcome, Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.events import NotificationChanged
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.domain.notification import UNREADABLE, State
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.untold import UntoldReason
from app.ports.inbound import Inbound
from tests.harness.customer_words import say
from tests.harness.shop import MAIN, Shop
from tests.simulators.moved_clock import let_tasks_run

HIDDEN = "4711@lid"
_OUTCOMES: Final[dict[UntoldReason, Outcome]] = {
    UntoldReason.HIDDEN_NUMBER: Rejected(RejectionKind.REFUSED, 479),
    UntoldReason.IN_DOUBT: InDoubt("ack_timeout"),
    UntoldReason.NOT_SENT: Rejected(RejectionKind.REFUSED, 479),
    UntoldReason.RESTRICTED: Rejected(RejectionKind.RESTRICTED, 463),
    UntoldReason.UNREADABLE: Rejected(RejectionKind.REFUSED, 479),
}


async def untold_order(shop: Shop, reason: UntoldReason, number: int = 7) -> Order:
    """Let a ready order arrive whose customer is not told for this reason; doubts must not repeat by themselves."""
    order = _order(shop, reason, number)
    if reason is UntoldReason.OPTED_OUT:
        await say(shop, "PARAR", Phone(order.customer_phone))
    if reason is UntoldReason.NOT_ON_WHATSAPP:
        shop.messenger.answers[Phone(order.customer_phone)] = None
    if reason is UntoldReason.TAKEN_BACK:
        await shop.core.queue.pause()
    if reason in _OUTCOMES:
        shop.messenger.outcomes.append(_OUTCOMES[reason])
    await shop.see(order)
    if reason is UntoldReason.HIDDEN_NUMBER:
        await _claim(shop, number)
    await let_tasks_run()
    if reason is UntoldReason.TAKEN_BACK:
        await shop.core.queue.cancel((await shop.message(order, NotificationType.READY)).id)
        await shop.core.queue.resume()
    if reason is UntoldReason.UNREADABLE:
        await _spoil(shop, order)
    return order


def _order(shop: Shop, reason: UntoldReason, number: int) -> Order:
    if reason is UntoldReason.INVALID_PHONE:
        return shop.order(number, phone="7", status="ready")
    if reason is UntoldReason.HIDDEN_NUMBER:
        return shop.order(number, phone="", status="ready")
    order = shop.order(number, status="ready")
    if reason is UntoldReason.STALE:
        return replace(order, stage_at=shop.clock.now() - timedelta(hours=1))
    return order


async def _claim(shop: Shop, number: int) -> None:
    """Claim the order from a hidden number."""
    text, now = claim_text(number), shop.clock.now()
    said = Inbound(
        MAIN,
        MessageId("3AHID"),
        None,
        "text",
        text,
        now,
        live=True,
        lid=Lid(HIDDEN),
        jid=HIDDEN,
        username="bia",
    )
    await shop.messenger.emit(said)


async def _spoil(shop: Shop, order: Order) -> None:
    """Mark the message as one that the database returns incomplete."""
    row = await shop.message(order, NotificationType.READY)
    broken = replace(row, state=State.FAILED, reason=UNREADABLE)
    await shop.store.transact(lambda rows: rows.notifications.save(broken))
    shop.core.bus.publish(NotificationChanged(broken))
