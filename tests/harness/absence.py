"""Absence of a real shop from WhatsApp: messages written meanwhile wait there until it is back."""

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
    """Switch both phones off, the customer's and the shop's; then an acknowledgement alone proves arrival."""
    await whatsapp.admin.post("account", number=SHOP, online=not off)
    await whatsapp.admin.post("contacts", contacts=[{"number": customer, "online": not off}])
