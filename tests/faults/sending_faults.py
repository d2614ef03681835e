"""Chats whose messages disappear, and what holds up a text on its way out."""

from app.domain.notification import Notification
from app.domain.phone import Phone
from tests.faults.message_faults import row_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import FaultShopHarness

SENDING = Trials("Disappearing chats, and what holds up a send")
_DAY, _WEEK = 86_400, 604_800


@SENDING.of("M21", "the customer sets the chat to disappear after a day, and later not to disappear")
async def each_text_carries_the_timer_of_its_chat(shop: FaultShopHarness) -> Seen:
    customer = await shop.known_customer()
    await _told_in_time(shop, customer, _DAY)
    return row_of(shop, await _told_in_time(shop, customer, 0))


async def _told_in_time(shop: FaultShopHarness, customer: Phone, seconds: int) -> Notification:
    await shop.whatsapp.set_timer(customer.number, seconds)
    await shop.until_all_is_taken()
    row = await shop.told(customer)
    assert await shop.expiration(customer, row) == (seconds, False)
    return row


@SENDING.of("M21", "the customer's phone cannot read a text into a disappearing chat, and asks for it again")
async def the_answer_to_a_phone_that_asks_again_carries_the_timer_too(shop: FaultShopHarness) -> Seen:
    customer = await shop.known_customer()
    await shop.whatsapp.set_timer(customer.number, _WEEK)
    await shop.until_all_is_taken()
    await shop.whatsapp.fault("lose_session", number=customer.number)
    row = await shop.told(customer)
    assert await shop.expiration(customer, row) == (_WEEK, False)
    return row_of(shop, row)


@SENDING.of("M22", "the chat was set to disappear before the program was linked, and the customer writes")
async def the_timer_is_learnt_from_what_the_customer_writes(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.set_timer(customer.number, _WEEK, told=False)
    await shop.whatsapp.write(customer.number, text="Oi")
    await shop.until(lambda: shop.heard(customer))
    row = await shop.told(customer)
    assert await shop.expiration(customer, row) == (_WEEK, False)
    return row_of(shop, row)


@SENDING.of("M22", "the owner sets a chat to disappear on the shop's phone while the program is away")
async def a_timer_that_the_shop_set_elsewhere_is_learnt_at_the_login(shop: FaultShopHarness) -> Seen:
    customer = await shop.known_customer()
    await shop.core.connection.disconnect()
    await shop.whatsapp.set_timer(customer.number, _DAY, by_shop=True)
    await shop.core.connection.reconnect()
    await shop.until_open()
    await shop.until_all_is_taken()
    row = await shop.told(customer)
    assert await shop.expiration(customer, row) == (_DAY, False)
    return row_of(shop, row)
