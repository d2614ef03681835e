"""A simulated WhatsApp of a test's own: the real simulator program, its address and its admin interface."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app import paths
from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.whatsapp.node_command import installed_node

SHOP = "+5573988112233"


@dataclass(frozen=True)
class SimulatedWhatsApp:
    url: str
    admin: AdminClient

    async def shown_to(self, number: str) -> list[dict[str, Any]]:
        """What that phone shows."""
        inbox: dict[str, list[dict[str, Any]]] = await self.admin.get(f"inbox?number=%2B{number[1:]}")
        return inbox["messages"]

    async def fault(self, kind: str, **more: object) -> None:
        await self.admin.post("fault", kind=kind, **more)


@asynccontextmanager
async def simulated_whatsapp(*contacts: Mapping[str, object]) -> AsyncIterator[SimulatedWhatsApp]:
    """With the shop's own phone and these customers; the program ends with the block, and with us."""
    async with simulator_child(installed_node(), paths.simulator_bundle(), {}) as url:
        admin = AdminClient(url)
        await admin.post("account", number=SHOP, name="Coco Loko")
        await admin.post("contacts", contacts=list(contacts))
        yield SimulatedWhatsApp(url, admin)
