"""What WhatsApp can answer to a message, or fail to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from app.adapters.whatsapp import messenger as adapter
from app.domain.liveness import LivenessPolicy
from app.domain.notification import Notification, State
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import SECOND, FaultShopHarness, open_fault_shop, stranger
from tests.simulators.whatsapp_simulator import SHOP

MESSAGES = Trials("Messages")
_ACK = "an acknowledgement is due within 15 s → 1 s"
_RETRIES = "tried again after 1, 2, 4 s → 0.1, 0.2, 0.4 s"
_QUESTION = "a question lives 20 s → 2 s"


def row_of(shop: FaultShopHarness, row: Notification) -> Seen:
    """How a message ended, with what stands beside its order."""
    end = f"{row.state} ({row.reason})" if row.reason else row.state
    return Seen(end, (shop.message_says(row),))


@contextmanager
def impatient_for_acks() -> Iterator[None]:
    with patch.object(adapter, "ACK_TIMEOUT", SECOND):
        yield


@MESSAGES.of("M1", "three first contacts in a row are refused (463)")
async def a_refused_first_contact_is_not_repeated_and_the_third_holds_strangers_alone(
    shop: FaultShopHarness,
) -> Seen:
    # A shop with the real waits: on a busy machine a short one would add an attempt of its own.
    async with open_fault_shop(shop.whatsapp, proof=LivenessPolicy(), query_timeout=20 * SECOND) as other:
        await other.pair()
        seen = await _refused_three_times(other)
        await other.core.connection.logout()
    return seen


async def _refused_three_times(shop: FaultShopHarness) -> Seen:
    known, refused = await shop.known_customer(), []
    for _ in range(3):
        customer = await shop.customer()
        await shop.whatsapp.fault("nack", code=463, number=customer.number)
        refused.append(await shop.until_state(await shop.tell(customer), State.FAILED))
    assert [each.attempts for each in refused] == [1, 1, 1]
    order = await shop.tell(await shop.customer())
    await shop.told(known)
    held = await shop.message(order)
    assert (held.state, held.attempts) == (State.PENDING, 0)
    seen = row_of(shop, refused[-1])
    return Seen(seen.end, (*seen.said, await shop.hold_says(held)))


@MESSAGES.of("M1", "WhatsApp tells of a time lock, and later of its end")
async def a_time_lock_holds_strangers_until_its_end_and_nobody_else(shop: FaultShopHarness) -> Seen:
    known, ends_at = await shop.known_customer(), shop.clock.now() + timedelta(hours=2)
    await shop.whatsapp.lock_out_strangers(active=True, ends_at=int(ends_at.timestamp()), notify=True)
    said = await shop.until_trouble("restricted_time_lock_relink")
    order = await shop.tell(await shop.customer())
    await shop.told(known)
    row = await shop.message(order)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    held = await shop.hold_says(row)
    await shop.whatsapp.lock_out_strangers(active=False, notify=True)
    seen = row_of(shop, await shop.until_state(order, State.READ))
    return Seen(seen.end, (said, held, *seen.said))


@MESSAGES.of("M1", "WhatsApp tells that this cycle's new chats are used up", lasting=True)
async def a_cap_on_new_chats_holds_strangers_alone(shop: FaultShopHarness) -> Seen:
    known, ends_at = await shop.known_customer(), shop.clock.now() + timedelta(hours=2)
    await shop.whatsapp.cap_new_chats(
        "CAPPED", total=10, used=10, ends_at=int(ends_at.timestamp()), notify=True
    )
    said = await shop.until_trouble("restricted_new_chat_cap")
    order = await shop.tell(await shop.customer())
    await shop.told(known)
    row = await shop.message(order)
    seen = Seen(row.state, (said, await shop.hold_says(row)))
    # Whoever connects next would be told of it again.
    await shop.whatsapp.cap_new_chats("NONE", notify=True)
    return seen


@MESSAGES.of("M2", "a message is refused as made for a stale session (479)", shortened=_RETRIES)
async def a_stale_session_is_made_anew_and_the_same_message_goes_again(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.told(customer)
    await shop.whatsapp.write(customer.number, text="ok")
    await shop.until(lambda: shop.heard(customer))
    await shop.told(customer)
    await shop.whatsapp.fault("nack", code=479, number=customer.number)
    row = await shop.told(customer)
    assert (row.attempts, len(await shop.shown(customer))) == (2, 3)
    made = [each["types"] for each in await shop.whatsapp.shown_to(customer.number)]
    assert made == [["pkmsg"], ["msg"], ["pkmsg"]], f"the session was not made anew: {made}"
    return row_of(shop, row)


@MESSAGES.of("M2", "479 again and again", shortened=_RETRIES)
async def a_session_that_stays_stale_fails_the_message_after_three_more_tries(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.fault("nack", code=479, number=customer.number, times=-1)
    row = await shop.until_state(await shop.tell(customer), State.FAILED)
    assert row.attempts == 4
    return row_of(shop, row)


@MESSAGES.of("M3", "a message is refused as one too many (429)", lasting=True)
async def too_many_messages_hold_the_whole_number_and_cost_no_attempt(shop: FaultShopHarness) -> Seen:
    return await _cooled_down(shop, "nack")


@MESSAGES.of("W1", "a question about a number is refused as one too many (429)", lasting=True)
async def too_many_questions_hold_the_whole_number_and_cost_no_attempt(shop: FaultShopHarness) -> Seen:
    return await _cooled_down(shop, "usync_error")


async def _cooled_down(shop: FaultShopHarness, fault: str) -> Seen:
    customer, other = await shop.customer(), await shop.customer()
    # The order's arrival asks about its number as well, before or after the message does.
    await shop.whatsapp.fault(fault, code=429, number=customer.number, times=-1)
    order = await shop.tell(customer)
    await shop.until(lambda: shop.core.rate_limiters.statuses()[0].holds)
    row = await shop.until_state(order, State.PENDING)
    assert row.attempts == 0
    later = await shop.message(await shop.tell(other))
    assert await shop.hold_says(later) == await shop.hold_says(row)
    return Seen(row.state, (await shop.hold_says(row),))


@MESSAGES.of("M4", "a message is refused with 400")
async def a_refusal_for_good_fails_at_once(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.fault("nack", code=400, number=customer.number)
    row = await shop.until_state(await shop.tell(customer), State.FAILED)
    assert row.attempts == 1
    return row_of(shop, row)


@MESSAGES.of(
    "M5", "the acknowledgement is lost, and the customer's phone and the shop's are off", shortened=_ACK
)
async def an_unacknowledged_message_is_in_doubt_and_repeated_under_its_id_after_a_reconnection(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer(online=False)
    await shop.whatsapp.admin.post("account", number=SHOP, online=False)
    await shop.whatsapp.fault("lose_ack", number=customer.number)
    with impatient_for_acks():
        order = await shop.tell(customer)
        doubt = row_of(shop, await shop.until_state(order, State.IN_DOUBT))
        row = await shop.until_state(order, State.SENT)
    assert (row.repeats, await shop.times_on_wire(row)) == (1, 2)
    await shop.whatsapp.admin.post("contacts", contacts=[{"number": customer.number, "online": True}])
    row = await shop.until_state(order, State.READ)
    assert await shop.shown(customer) == [(row.message_id, 1)]
    return Seen(row.state, (*doubt.said, shop.message_says(row)))


@MESSAGES.of("M5", "the acknowledgement is lost, and the customer's phone answers", shortened=_ACK)
async def a_receipt_settles_what_no_acknowledgement_did_and_nothing_is_repeated(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.fault("lose_ack", number=customer.number)
    with impatient_for_acks():
        row = await shop.told(customer)
    assert (row.repeats, await shop.times_on_wire(row)) == (0, 1)
    return row_of(shop, row)


@MESSAGES.of("M5", "a message is acknowledged, and the customer's phone is off")
async def what_whatsapp_has_taken_on_is_no_failure_while_the_phone_is_off(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer(online=False)
    row = await shop.until_state(await shop.tell(customer), State.SENT)
    assert (row.is_untold, await shop.shown(customer)) == (False, [])
    return row_of(shop, row)


@MESSAGES.of("M8", "the account is registered without the ninth digit")
async def the_form_that_the_account_has_is_found_and_written_to(shop: FaultShopHarness) -> Seen:
    phone = stranger()
    old = f"{phone.number[:5]}{phone.number[6:]}"
    await shop.whatsapp.admin.post("contacts", contacts=[{"number": phone.number, "registered_as": old}])
    row = await shop.told(phone)
    assert await shop.shown(phone) == [(row.message_id, 1)]
    (sent,) = [each for each in await shop.whatsapp.on_the_wire() if each["id"] == row.message_id]
    assert sent["to"] == old[1:]
    return row_of(shop, row)


@MESSAGES.of("W2", "a number that has no WhatsApp")
async def a_number_without_an_account_is_told_apart_from_a_failure(shop: FaultShopHarness) -> Seen:
    row = await shop.until_state(await shop.tell(stranger()), State.SUPPRESSED)
    assert (row.is_untold, await shop.times_on_wire(row)) == (True, 0)
    return row_of(shop, row)


@MESSAGES.of("W3", "a question about a number is never answered", shortened=f"{_QUESTION}; {_RETRIES}")
async def an_unanswered_question_is_no_answer_and_is_asked_again(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    # Twice: the lookup when the order arrives, and that of the message itself.
    await shop.whatsapp.fault("usync_error", code=0, number=customer.number, times=2)
    row = await shop.told(customer)
    assert (row.attempts, await shop.times_on_wire(row)) == (2, 1)
    return row_of(shop, row)


@MESSAGES.of(
    "M13",
    "the question about a known customer's devices is never answered",
    shortened=f"{_QUESTION}; {_RETRIES}",
)
async def a_message_without_a_recipient_never_leaves_and_goes_when_there_is_one(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    assert await shop.core.messages.check_whatsapp_exists(customer.number)
    await shop.whatsapp.fault("usync_error", code=0, number=customer.number)
    row = await shop.told(customer)
    assert (row.attempts, await shop.times_on_wire(row)) == (2, 1)
    return row_of(shop, row)


@MESSAGES.of("M13", "it is never answered, again and again", shortened=f"{_QUESTION}; {_RETRIES}")
async def a_message_whose_recipient_is_never_found_fails_unsent(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    assert await shop.core.messages.check_whatsapp_exists(customer.number)
    await shop.whatsapp.fault("usync_error", code=0, number=customer.number, times=-1)
    row = await shop.until_state(await shop.tell(customer), State.FAILED)
    assert (row.attempts, await shop.times_on_wire(row)) == (4, 0)
    return row_of(shop, row)


@MESSAGES.of("W4", "WhatsApp's answer about the customer's keys is an error", shortened=_RETRIES)
async def keys_that_cannot_be_had_now_are_asked_for_again(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.fault("no_bundle", number=customer.number)
    row = await shop.told(customer)
    assert await shop.shown(customer) == [(row.message_id, 1)]
    return row_of(shop, row)
