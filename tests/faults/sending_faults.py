"""Chats whose messages disappear, and what holds up a text on its way out."""

from unittest.mock import patch

from app.adapters.whatsapp import messenger as adapter
from app.domain.events import NotificationChanged
from app.domain.liveness import LivenessPolicy
from app.domain.notification import Notification, State
from app.domain.phone import Phone
from tests.faults.message_faults import row_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import SECOND, FaultShopHarness, open_fault_shop
from tests.simulators.whatsapp_simulator import SHOP

SENDING = Trials("Disappearing chats, and what holds up a send")
_WRITE = "a text must leave within 10 s → 1 s"
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


@SENDING.of(
    "M23", "somebody touches a chat on the shop's phone, and WhatsApp never answers about it", lasting=True
)
async def a_touched_chat_holds_up_no_text(shop: FaultShopHarness) -> Seen:
    customer = await shop.known_customer()
    await shop.whatsapp.fault("iq_error", topic="w:sync:app:state", code=0, times=-1)
    await shop.whatsapp.touch_chat()
    row = await shop.told(customer)
    await shop.until_all_is_taken()
    assert (row.attempts, await shop.times_on_wire(row)) == (1, 1)
    return row_of(shop, row)


@SENDING.of("M24", "WhatsApp says that the groups have changed, and refuses to tell them", lasting=True)
async def changed_groups_do_not_end_the_sidecar(shop: FaultShopHarness) -> Seen:
    customer, logins = await shop.known_customer(), await shop.counted("logins")
    for kind in ("groups", "communities"):
        await shop.whatsapp.report_changes(kind)
    row = await shop.told(customer)
    assert (row.attempts, await shop.counted("logins")) == (1, logins)
    return row_of(shop, row)


@SENDING.of(
    "M25", "a question before a text is not answered until long after the text is too late", shortened=_WRITE
)
async def a_text_that_could_not_leave_in_time_is_no_doubt_and_goes_again(shop: FaultShopHarness) -> Seen:
    # With the real time of an answer: the text is too late long before it has passed.
    async with open_fault_shop(shop.whatsapp, proof=LivenessPolicy(), query_timeout=20 * SECOND) as other:
        await other.pair()
        customer = await other.known_customer()
        assert await other.core.messages.check_whatsapp_exists(customer.number)
        await other.whatsapp.fault("usync_error", code=0, number=customer.number)
        with patch.object(adapter, "WRITE_WITHIN", SECOND):
            row = await other.told(customer)
        states = [each.notification.state for each in other.events if isinstance(each, NotificationChanged)]
        assert State.IN_DOUBT not in states
        assert (row.attempts, await other.times_on_wire(row)) == (1, 1)
        await other.core.connection.logout()
    return row_of(shop, row)


@SENDING.of("M26", "a customer's Signal session is too long to be stored, and no phone answers", lasting=True)
async def a_key_that_cannot_be_kept_leaves_its_own_text_in_doubt_and_no_other(shop: FaultShopHarness) -> Seen:
    customer, other = await shop.customer(), await shop.customer()
    await shop.told(customer)
    await shop.stuff_session(customer)
    await shop.core.connection.reconnect()
    await shop.until_open()
    await _switch_phones(shop, customer, online=False)
    order = await shop.tell(customer)
    doubt = row_of(shop, await shop.until_state(order, State.IN_DOUBT))
    assert (await shop.message(order)).reason == "keys_not_kept"
    await _switch_phones(shop, customer, online=True)
    await shop.until_state(order, State.READ)
    assert (await shop.told(other)).attempts == 1
    again = await shop.told(customer)
    made = [each["types"] for each in await shop.whatsapp.shown_to(customer.number)]
    assert (again.attempts, again.repeats, made[-1]) == (1, 0, ["pkmsg"])
    assert await shop.counted("keys_reused") == 0
    return Seen(again.state, (*doubt.said, shop.message_says(again)))


async def _switch_phones(shop: FaultShopHarness, customer: Phone, *, online: bool) -> None:
    await shop.whatsapp.admin.post("contacts", contacts=[{"number": customer.number, "online": online}])
    await shop.whatsapp.admin.post("account", number=SHOP, online=online)
