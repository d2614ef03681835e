"""A shop that is killed once a customer's text is on disk, before WhatsApp hears so: `python -m … FOLDER ADDRESS`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from app.adapters.demo.admin_client import AdminClient
from app.ports.inbound import Inbound
from app.services.runtime.messenger_router import MessengerEventRouter
from tests.harness.real_shop import open_real_shop
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp

_heard = MessengerEventRouter.inbound_arrived


async def _killed(incoming: MessengerEventRouter, inbound: Inbound) -> None:
    """Die after the commit and before the answer to the sidecar."""
    await _heard(incoming, inbound)
    os.kill(os.getpid(), signal.SIGKILL)


async def main(folder: Path, address: str) -> None:
    MessengerEventRouter.inbound_arrived = _killed  # type: ignore[method-assign, assignment]
    async with open_real_shop(folder, SimulatedWhatsApp(address, AdminClient(address))) as shop:
        await shop.order_without_phone(7)
        sys.stdout.write("open\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
