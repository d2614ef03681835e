"""What the account's own phone and privacy settings change about the shop's messages."""

from app.domain.notification import State
from tests.faults.message_faults import row_of
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import FaultShopHarness
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP

OWN_ACCOUNT = Trials("The shop's own phone and devices")


@OWN_ACCOUNT.of(
    "S1", "the shop links one more device after the first message, and unlinks it (`account_sync`)"
)
async def each_own_device_gets_its_copies_while_it_is_linked_and_not_afterwards(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    await shop.told(customer)
    device, strays = await shop.whatsapp.link_companion(), await shop.counted("strays")
    row = await shop.told(customer)

    async def copied() -> bool:
        return row.message_id in {each["id"] for each in await shop.whatsapp.shown_to(SHOP, device)}

    await wait_until(copied)
    await shop.whatsapp.unlink(device)
    # A message that leaves before the notification is here goes by the list of before.
    await shop.until_all_is_taken()
    row = await shop.told(customer)
    assert await shop.counted("strays") == strays
    return row_of(shop, row)


@OWN_ACCOUNT.of("S2", "a reply is opened at the counter, then the account's read receipts are switched off")
async def an_opened_reply_is_read_on_the_phone_and_for_the_customer_as_far_as_the_account_allows(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    order = await shop.tell(customer)
    row = await shop.until_state(order, State.READ)
    types = []
    for on in (True, False):
        await shop.whatsapp.switch_read_receipts(on=on)
        shop.events.clear()
        await shop.whatsapp.write(customer.number, text=f"recibo {on}")
        await shop.until(lambda: shop.heard(customer))
        (reply,) = shop.heard(customer)
        await shop.core.inbox.mark_read(order.id)
        types.append(await _mark_of(shop, reply.message_id))
    await shop.whatsapp.switch_read_receipts(on=True)
    assert types == ["read", "read-self"]
    return row_of(shop, row)


@OWN_ACCOUNT.of(
    "S3", "a reply is opened while there is no connection, or WhatsApp answers nothing about privacy"
)
async def a_reply_whose_receipt_cannot_be_sent_is_seen_at_the_counter_all_the_same(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    order = await shop.tell(customer)
    await shop.until_state(order, State.READ)
    await shop.whatsapp.fault("iq_error", topic="privacy get privacy", code=0, times=-1)
    await shop.whatsapp.switch_read_receipts(on=True)
    for _ in range(2):
        shop.events.clear()
        await shop.whatsapp.write(customer.number, text="posso pegar?")
        await shop.until(lambda: shop.heard(customer))
        assert await shop.core.inbox.mark_read(order.id) == 1
        await shop.core.connection.disconnect()
        await shop.until(lambda: not shop.status.is_connected)
        await shop.core.connection.reconnect()
        await shop.until_open()
    return connection_of(shop)


async def _mark_of(shop: FaultShopHarness, message_id: str) -> str:
    """Return with what type this customer's message was marked as read, once it was."""

    async def types() -> list[str]:
        return [each["type"] for each in await shop.whatsapp.read_marks() if each["id"] == message_id]

    await wait_until(types)
    (one,) = await types()
    return one
