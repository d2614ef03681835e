"""Contact history: pending messages follow the customer to the number it writes to."""

from dataclasses import replace

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.claim_text import claim_text
from app.domain.contact import Contact
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.restriction import Restriction, RestrictionKind
from app.services.messaging.records import NotificationRequest
from tests.harness.customer_words import say
from tests.harness.greeted_shop import phoneless
from tests.harness.shop import MAIN, Shop
from tests.simulators.moved_clock import let_tasks_run
from tests.unit.services.connection.test_sessions import (
    SECOND,
    customer_of,
    logged_out,
    senders,
    with_two_numbers,
)
from tests.unit.services.rate_limits.test_rate_limiter import phone

pytestmark = pytest.mark.requirement("Q9")


def test_order_with_a_corrected_phone_goes_from_its_customers_own_number() -> None:
    async def story(shop: Shop) -> None:
        wrong, right = await customer_of(shop, MAIN, 1), await customer_of(shop, SECOND, 2)
        await shop.see(unreadable := shop.order(7, phone="sem número"))
        await shop.see(replace(unreadable, customer_phone=right))
        asked = NotificationRequest(unreadable.id, NotificationType.PAYMENT_CONFIRMED)
        assert (await shop.core.messages.send_notification(asked)).success
        await let_tasks_run()
        await shop.core.queue.pause()
        await shop.see(waiting := shop.order(8, phone=wrong))
        await shop.see(replace(waiting, customer_phone=right))
        await shop.core.queue.resume()
        await let_tasks_run()
        assert senders(shop) == [SECOND, SECOND]

    with_two_numbers(story)


def test_waiting_messages_go_from_the_number_the_customer_writes_to() -> None:
    async def story(shop: Shop) -> None:
        await shop.messenger.listener.restricted(SECOND, Restriction(RestrictionKind.TIME_LOCK, active=True))
        order = shop.order(7, await customer_of(shop, SECOND, 1))
        await shop.see(order)
        assert senders(shop) == []
        await say(shop, "oi, cadê o meu pedido?", Phone(phone(1)))
        assert senders(shop) == [MAIN]

    with_two_numbers(story)


def test_message_refused_to_one_number_goes_from_the_one_written_to() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.outcomes.append(Rejected(RejectionKind.RESTRICTED, 463))
        order = shop.order(7, await customer_of(shop, SECOND, 1))
        await shop.see(order)
        refused = await shop.message(order)
        await say(shop, claim_text(7), Phone(phone(1)))
        assert senders(shop) == [SECOND, MAIN]
        assert (await shop.message(order)).message_id == refused.message_id

    with_two_numbers(story)


def test_what_wakes_for_a_number_that_is_out_is_taken_over_as_well() -> None:
    async def story(shop: Shop) -> None:
        customer = Phone(phone(1))
        known = Contact(SECOND, first_sent_at=shop.clock.now())
        await shop.store.transact(lambda rows: rows.contacts.save(customer, known))
        await shop.see(phoneless(shop))
        await logged_out(shop, SECOND)
        await say(shop, claim_text(7), customer)
        assert senders(shop) == [MAIN]

    with_two_numbers(story, take_over=True)
