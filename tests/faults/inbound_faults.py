"""What can go wrong with what customers write and with the receipts of their phones."""

from app.domain.session import ConnectionState
from tests.faults.message_faults import row_of
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import FaultShopHarness
from tests.harness.waiting import wait_until

INBOUND = Trials("What customers' phones send")


@INBOUND.of("M9", "receipts and replies come from the hidden id instead of the number (`…_as: lid`)")
async def receipts_and_replies_are_the_customers_whatever_name_they_come_under(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.options(receipts_as="lid", messages_as="lid")
    row = await shop.told(customer)
    await shop.whatsapp.write(customer.number, text="já vou buscar")
    await shop.until(lambda: [each.text for each in shop.heard(customer)] == ["já vou buscar"])
    return row_of(shop, row)


@INBOUND.of("M10", "a text arrives twice as the same stanza, receipts and acknowledgements come twice")
async def what_comes_twice_counts_once(shop: FaultShopHarness) -> Seen:
    customer, other = await shop.customer(), await shop.customer()
    for kind in ("repeat_ack", "repeat_receipt", "repeat_inbound"):
        await shop.whatsapp.fault(kind, number=customer.number, times=-1)
    row = await shop.told(customer)
    await shop.whatsapp.write(customer.number, text="posso pegar?")
    await shop.whatsapp.write(other.number, text="e eu?")
    await shop.until(lambda: shop.heard(other))
    assert [each.text for each in shop.heard(customer)] == ["posso pegar?"]
    assert (row.attempts, await shop.shown(customer)) == (1, [(row.message_id, 1)])
    return row_of(shop, row)


@INBOUND.of("M12", "WhatsApp ends the stream (`ack`) right after a customer's text")
async def a_text_is_heard_once_although_its_stream_was_ended(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.write(customer.number, text="chego em 5 min")
    await shop.until(lambda: shop.heard(customer))
    await shop.whatsapp.fault("stream_error", cause="ack")
    await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
    said = shop.connection_says()
    await shop.until_open()
    await shop.until_all_is_taken()
    assert [each.text for each in shop.heard(customer)] == ["chego em 5 min"]
    seen = connection_of(shop)
    return Seen(seen.end, (said, *seen.said))


@INBOUND.of("W6", "WhatsApp ends the stream in the very moment in which a customer's text comes")
async def a_text_that_comes_with_the_end_of_its_stream_is_heard_all_the_same(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.write(customer.number, text="PARAR")
    await shop.whatsapp.fault("stream_error", cause="ack")
    await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
    await shop.until_open()
    await shop.until(lambda: [each.text for each in shop.heard(customer)] == ["PARAR"])
    await wait_until(lambda: shop.shown(customer))
    return connection_of(shop)
