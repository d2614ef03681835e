"""What can go wrong with what customers write and with the receipts of their phones."""

from app.domain.session import ConnectionState
from tests.faults.message_faults import row_of
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import Counter

INBOUND = Trials("What customers' phones send")


@INBOUND.of("M9", "receipts and replies come from the hidden id instead of the number (`…_as: lid`)")
async def receipts_and_replies_are_the_customers_whatever_name_they_come_under(counter: Counter) -> Seen:
    customer = await counter.customer()
    await counter.whatsapp.options(receipts_as="lid", messages_as="lid")
    row = await counter.told(customer)
    await counter.whatsapp.write(customer.number, text="já vou buscar")
    await counter.until(lambda: [each.text for each in counter.heard(customer)] == ["já vou buscar"])
    return row_of(counter, row)


@INBOUND.of("M10", "a text arrives twice as the same stanza, receipts and acknowledgements come twice")
async def what_comes_twice_counts_once(counter: Counter) -> Seen:
    customer, other = await counter.customer(), await counter.customer()
    for kind in ("repeat_ack", "repeat_receipt", "repeat_inbound"):
        await counter.whatsapp.fault(kind, number=customer.number, times=-1)
    row = await counter.told(customer)
    await counter.whatsapp.write(customer.number, text="posso pegar?")
    await counter.whatsapp.write(other.number, text="e eu?")
    await counter.until(lambda: counter.heard(other))
    assert [each.text for each in counter.heard(customer)] == ["posso pegar?"]
    assert (row.attempts, await counter.shown(customer)) == (1, [(row.message_id, 1)])
    return row_of(counter, row)


@INBOUND.of("M12", "WhatsApp ends the stream (`ack`) right after a customer's text")
async def a_text_is_heard_once_although_its_stream_was_ended(counter: Counter) -> Seen:
    customer = await counter.customer()
    await counter.whatsapp.write(customer.number, text="chego em 5 min")
    await counter.until(lambda: counter.heard(customer))
    await counter.whatsapp.fault("stream_error", cause="ack")
    await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
    said = counter.connection_says()
    await counter.until_open()
    await counter.until_all_is_taken()
    assert [each.text for each in counter.heard(customer)] == ["chego em 5 min"]
    seen = connection_of(counter)
    return Seen(seen.end, (said, *seen.said))


@INBOUND.of("W6", "WhatsApp ends the stream in the very moment in which a customer's text comes")
async def a_text_that_comes_with_the_end_of_its_stream_is_heard_all_the_same(counter: Counter) -> Seen:
    customer = await counter.customer()
    await counter.whatsapp.write(customer.number, text="PARAR")
    await counter.whatsapp.fault("stream_error", cause="ack")
    await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
    await counter.until_open()
    await counter.until(lambda: [each.text for each in counter.heard(customer)] == ["PARAR"])
    return connection_of(counter)
