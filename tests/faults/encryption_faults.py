"""What can go wrong with the keys that each customer's phone shares with the shop."""

import base64
import logging
import re
from unittest.mock import patch

from app.adapters.whatsapp import line_codec
from app.adapters.whatsapp.diagnostics import Diagnostics
from app.domain.errors import DatabaseBusyError
from app.domain.notification import State
from app.domain.session import ConnectionState
from tests.faults.message_faults import row_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, FaultShopHarness, open_fault_shop
from tests.harness.sidecar_messenger import sidecars
from tests.harness.waiting import wait_until
from tests.simulators.memory_sessions import MemorySessionRows

ENCRYPTION = Trials("Encryption")
_STORM = 20
_KEY = re.compile(rb"[A-Za-z0-9+/_-]{40,}|[0-9a-f]{32,}|(?:[0-9a-f]{2} ){8,}")


@ENCRYPTION.of("M6", "the customer's phone has lost its session when the message comes (`lose_session`)")
async def a_phone_that_could_not_read_gets_the_same_message_again(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.told(customer)
    await shop.whatsapp.fault("lose_session", number=customer.number)
    row = await shop.told(customer)
    assert (row.message_id, 1) in await shop.shown(customer)
    return row_of(shop, row)


@ENCRYPTION.of("M6", "a computer that the customer has linked has lost its session")
async def a_linked_device_of_the_customer_gets_the_same_message_again(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer(companions=1)
    await shop.told(customer)
    await shop.whatsapp.fault("lose_session", number=customer.number, device=1)
    row = await shop.told(customer)

    async def read() -> bool:
        return (row.message_id, 1) in await shop.shown(customer, device=1)

    await wait_until(read)
    return row_of(shop, row)


@ENCRYPTION.of("M6", "the phone has lost its session, and asks after the Node process was killed")
async def a_phone_that_asks_after_a_restart_still_gets_the_message(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer(online=False)
    await shop.told(await shop.customer())
    await shop.whatsapp.fault("lose_session", number=customer.number)
    order = await shop.tell(customer)
    await shop.until_state(order, State.SENT)
    (process,) = sidecars()
    process.kill()
    await shop.until(lambda: shop.status.state is not ConnectionState.CONNECTED)
    await shop.until_open()
    await shop.whatsapp.admin.post("contacts", contacts=[{"number": customer.number, "online": True}])
    row = await shop.until_state(order, State.READ)
    assert await shop.shown(customer) == [(row.message_id, 1)]
    return row_of(shop, row)


@ENCRYPTION.of("M7", f"{_STORM} texts of one customer that cannot be read, ever (bad MAC)")
async def a_storm_of_unreadable_texts_is_shown_as_such_and_stops_nobody(shop: FaultShopHarness) -> Seen:
    writer, other = await shop.customer(), await shop.customer()
    await shop.told(other)
    kept = await _sessions(shop)
    await _storm(shop, writer.number)
    await shop.until(lambda: len(shop.heard(writer)) == _STORM)
    assert {each.kind for each in shop.heard(writer)} == {"unreadable"}
    row = await shop.told(other)
    assert kept <= await _sessions(shop)
    return row_of(shop, row)


@ENCRYPTION.of("M11", "the same storm, with an ear at what the Node process says")
async def no_key_is_ever_said_and_every_line_is_the_wires(shop: FaultShopHarness) -> Seen:
    errors, lines = list[bytes](), list[bytes]()
    tell, decode = Diagnostics._tell, line_codec.decode

    def overheard_error(self: Diagnostics, line: bytes) -> None:
        errors.append(line)
        tell(self, line)

    def overheard_line(line: bytes) -> line_codec.Message:
        lines.append(line)
        return decode(line)

    log = logging.getLogger("tests.faults.overheard")
    with (
        patch.object(Diagnostics, "_tell", overheard_error),
        patch.object(line_codec, "decode", overheard_line),
    ):
        async with open_fault_shop(shop.whatsapp, log=log) as other:
            await other.pair()
            writer = await other.customer()
            await _storm(other, writer.number)
            await other.until(lambda: len(other.heard(writer)) == _STORM)
            secrets = _secrets(await _kept(other))
            said = other.status.state, (other.connection_says(),)
            await other.core.connection.logout()
    assert errors
    assert secrets
    assert all(decode(line).get("jsonrpc") == "2.0" for line in lines)
    assert not any(_KEY.search(line) or any(each in line for each in secrets) for line in errors)
    return Seen(*said)


async def _storm(shop: FaultShopHarness, number: str) -> None:
    await shop.whatsapp.fault("garble_inbound", number=number, times=-1)
    for n in range(_STORM):
        await shop.whatsapp.write(number, text=f"texto {n}")


async def _sessions(shop: FaultShopHarness) -> set[tuple[str, str]]:
    return {(kind, name) for kind, name, _ in await _kept(shop) if kind == "session"}


async def _kept(shop: FaultShopHarness) -> list[tuple[str, str, str]]:
    keys = shop.store._tables.session_keys
    return [(kind, name, value) for (session, kind, name), value in keys.items() if session == MAIN]


def _secrets(kept: list[tuple[str, str, str]]) -> set[bytes]:
    """Each key of the kept ratchets as base64, as hexadecimal and as Node prints bytes."""
    found = {each for *_, value in kept for each in re.findall(r"[A-Za-z0-9+/]{42,44}=?", value)}
    raw = [base64.b64decode(each.rstrip("=")[:43] + "=") for each in found if len(each.rstrip("=")) == 43]
    return {
        form for key in raw for form in (base64.b64encode(key), key.hex().encode(), key.hex(" ").encode())
    }


@ENCRYPTION.of("W5", "the database refuses to keep a ratchet, once")
async def a_ratchet_that_could_not_be_kept_at_once_is_kept_before_the_message_counts(
    shop: FaultShopHarness,
) -> Seen:
    customer = await shop.customer()
    await shop.told(customer)
    save, refusals = MemorySessionRows.save_keys, [DatabaseBusyError()]

    def refusing(self: MemorySessionRows, *given: object) -> None:
        if refusals:
            raise refusals.pop()
        save(self, *given)  # type: ignore[arg-type]

    with patch.object(MemorySessionRows, "save_keys", refusing):
        row = await shop.told(customer)
    assert not refusals
    assert (row.message_id, 1) in await shop.shown(customer)
    return row_of(shop, row)
