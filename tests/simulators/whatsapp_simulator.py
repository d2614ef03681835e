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

    async def shown_to(self, number: str, device: int = 0) -> list[dict[str, Any]]:
        """What that phone shows, or one of its companions."""
        inbox: dict[str, list[dict[str, Any]]] = await self.admin.get(
            f"inbox?number=%2B{number[1:]}&device={device}"
        )
        return inbox["messages"]

    async def fault(self, kind: str, **more: object) -> None:
        await self.admin.post("fault", kind=kind, **more)

    async def options(self, **given: object) -> None:
        await self.admin.post("options", **given)

    async def type_pairing_code(self, code: str) -> None:
        """The shop's phone types it; raises NotAllowedNowError when it does not link."""
        await self.admin.post("pair-code", code=code)

    async def retire_secret(self, qr: str) -> None:
        await self.admin.post("registration-refresh", qr=qr)

    async def ask_for_passkey(self) -> None:
        await self.admin.post("passkey-notice")

    async def link_companion(self) -> int:
        """One more device of the shop, which witnesses what the others send."""
        device: int = (await self.admin.post("account/device"))["device"]
        return device

    async def unlink(self, device: int) -> None:
        await self.admin.post("account/unlink", device=device)

    async def write_elsewhere(self, to: str, text: str, device: int = 0) -> None:
        """The shop writes from its phone, or from a companion."""
        await self.admin.post("account/send", to=to, text=text, device=device)

    async def push_history(self) -> None:
        await self.admin.post("account/history")

    async def keep_chat(self, number: str, **chat: object) -> None:
        """The shop's phone has a chat with this customer, which the next history tells."""
        await self.admin.post("account/chat", **{"with": number, **chat})

    async def lock_out_strangers(
        self, *, active: bool, ends_at: int | None = None, notify: bool = False
    ) -> None:
        await self.admin.post("account/time-lock", active=active, ends_at=ends_at, notify=notify)

    async def cap_new_chats(self, status: str, **more: object) -> None:
        await self.admin.post("account/new-chat-cap", status=status, **more)

    async def give_token(self, number: str) -> None:
        await self.admin.post("privacy-token", number=number)

    async def write(self, number: str, **content: object) -> None:
        """The customer writes: `text`, or another `kind`, in a chat or another `place`."""
        await self.admin.post("inbound", number=number, **content)

    async def set_timer(self, number: str, seconds: int, *, by_shop: bool = False, told: bool = True) -> None:
        """The customer's phone, or the shop's, sets when the messages of their chat disappear."""
        by = "shop" if by_shop else "customer"
        await self.admin.post("chat-timer", number=number, seconds=seconds, by=by, told=told)

    async def touch_chat(self) -> None:
        """The owner touches a chat on the shop's phone: a label, the archive."""
        await self.admin.post("server-sync")

    async def lid_of(self, number: str) -> str:
        """The account id of this customer at present."""
        lid: str = (await self.admin.get(f"contact?number=%2B{number[1:]}"))["lid"]
        return lid

    async def tell_lid(self, number: str) -> None:
        """From now on answers about the number tell its account id."""
        await self.admin.post("contacts", contacts=[{"number": number, "lid_told": True}])

    async def reregister(self, number: str) -> None:
        """The number belongs to another person from now on, with another account id."""
        await self.admin.post("contact/new-account", number=number)

    async def change_phone(self, number: str) -> None:
        await self.admin.post("contact/new-phone", number=number)

    async def change_devices(self, number: str, companions: int) -> None:
        await self.admin.post("contact/devices", number=number, companions=companions)

    async def report_pre_keys(self, count: int) -> None:
        await self.admin.post("pre-keys-low", count=count)

    async def route_elsewhere(self) -> None:
        await self.admin.post("edge-routing")

    async def report_changes(self, kind: str = "account_sync") -> None:
        await self.admin.post("dirty", type=kind)

    async def devices(self) -> list[dict[str, Any]]:
        found: dict[str, list[dict[str, Any]]] = await self.admin.get("devices")
        return found["devices"]

    async def presence(self) -> dict[str, Any]:
        """Whether the shop's phone would ring, and what each program said of itself."""
        found: dict[str, Any] = await self.admin.get("presence")
        return found

    async def switch_read_receipts(self, *, on: bool) -> None:
        """The owner changes the account's privacy setting."""
        await self.admin.post("account", number=SHOP, read_receipts=on)

    async def read_marks(self) -> list[dict[str, Any]]:
        """Which customers' messages the programs have marked as read, and for whom."""
        found: dict[str, list[dict[str, Any]]] = await self.admin.get("account/read")
        return found["messages"]

    async def rename(self, name: str) -> None:
        """The owner changes the name of the account."""
        await self.admin.post("account", number=SHOP, name=name)

    async def on_the_wire(self) -> list[dict[str, Any]]:
        record: dict[str, list[dict[str, Any]]] = await self.admin.get("wire")
        return record["messages"]

    async def counters(self) -> dict[str, int]:
        counted: dict[str, int] = await self.admin.get("stats")
        return counted


@asynccontextmanager
async def simulated_whatsapp(*contacts: Mapping[str, object]) -> AsyncIterator[SimulatedWhatsApp]:
    """With the shop's own phone and these customers; the program ends with the block, and with us."""
    async with simulator_child(installed_node(), paths.simulator_bundle(), {}) as url:
        admin = AdminClient(url)
        await admin.post("account", number=SHOP, name="Coco Loko")
        await admin.post("contacts", contacts=list(contacts))
        yield SimulatedWhatsApp(url, admin)
