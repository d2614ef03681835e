"""Takes a real shop away from WhatsApp and brings it back: what is written meanwhile waits there."""

from tests.harness.real_shop import RealShopHarness
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp


async def leave(shop: RealShopHarness) -> None:
    for fault in ("refuse_connections", "drop"):
        await shop.whatsapp.fault(fault)

    async def away() -> bool:
        return not shop.core.connection.get_connection_status().is_connected

    await wait_until(away)


async def come_back(shop: RealShopHarness) -> None:
    await shop.whatsapp.fault("accept_connections")
    await shop.core.connection.reconnect()


async def phones_off(whatsapp: SimulatedWhatsApp, customer: str, *, off: bool = True) -> None:
    """The customer's and the shop's own: then nothing but an acknowledgement proves that a message has arrived."""
    await whatsapp.admin.post("account", number=SHOP, online=not off)
    await whatsapp.admin.post("contacts", contacts=[{"number": customer, "online": not off}])
