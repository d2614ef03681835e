"""Takes a real shop away from WhatsApp and brings it back: what is written meanwhile waits there."""

from tests.harness.real_shop import Counter, until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp


async def leave(counter: Counter) -> None:
    for fault in ("refuse_connections", "drop"):
        await counter.whatsapp.fault(fault)

    async def away() -> bool:
        return not counter.core.connection.get_connection_status().is_connected

    await until(away)


async def come_back(counter: Counter) -> None:
    await counter.whatsapp.fault("accept_connections")
    await counter.core.connection.reconnect()


async def phones_off(whatsapp: SimulatedWhatsApp, customer: str, *, off: bool = True) -> None:
    """The customer's and the shop's own: then nothing but an acknowledgement proves that a message has arrived."""
    await whatsapp.admin.post("account", number=SHOP, online=not off)
    await whatsapp.admin.post("contacts", contacts=[{"number": customer, "online": not off}])
