"""What the account's own phone and privacy settings change about the shop's messages."""

from tests.faults.message_faults import row_of
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
    row = await shop.told(customer)
    assert await shop.counted("strays") == strays
    return row_of(shop, row)
