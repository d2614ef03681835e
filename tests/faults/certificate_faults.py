"""Servers that show a bad Noise certificate chain: the program tells them no account and no key."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from app.domain.errors import PairingCodeRefusedError
from app.domain.notification import State
from app.domain.phone import Phone
from app.domain.session import ConnectionState
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.antivirus import Antivirus, free_port, relay_to
from tests.harness.fault_shop import FaultShopHarness, open_fault_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP

CERTIFICATE = Trials("The server's certificate")


async def _refuses_until_the_chain_is_good(shop: FaultShopHarness, fault: str, reason: str) -> Seen:
    """Return how it ends while the fault lasts; nobody is logged in, nothing is lost, and it comes back by itself."""
    logins, connections = await shop.counted("logins"), await shop.counted("connections")
    await shop.whatsapp.fault(fault, times=-1)
    await shop.whatsapp.fault("drop")
    await shop.until_reason(reason)
    seen = connection_of(shop)
    order = await shop.tell(await shop.customer())

    async def tried_again() -> bool:
        return await shop.counted("connections") >= connections + 2

    await wait_until(tried_again)
    waiting = await shop.message(order)
    assert (waiting.state, waiting.attempts) == (State.PENDING, 0)
    assert await shop.counted("logins") == logins
    await shop.whatsapp.fault(fault, times=0)
    await shop.until_open()
    assert (await shop.until_state(order, State.READ)).attempts == 1
    return seen


@CERTIFICATE.of("C40", "the chain is signed by another root (`foreign_root`)")
async def a_server_of_a_foreign_root_is_told_no_account_and_the_queue_waits(shop: FaultShopHarness) -> Seen:
    return await _refuses_until_the_chain_is_good(shop, "foreign_root", "certificate")


@CERTIFICATE.of("C41", "the chain is good, for another server's key (`foreign_leaf`)")
async def a_chain_that_was_taken_from_another_server_is_refused(shop: FaultShopHarness) -> Seen:
    return await _refuses_until_the_chain_is_good(shop, "foreign_leaf", "certificate")


@CERTIFICATE.of("C42", "the chain is good and was over a year ago (`expired_chain`)")
async def a_chain_that_is_over_is_taken_for_a_wrong_clock(shop: FaultShopHarness) -> Seen:
    return await _refuses_until_the_chain_is_good(shop, "expired_chain", "clock")


@CERTIFICATE.of("C43", "the chain is good and begins in a year (`early_chain`)")
async def a_chain_of_the_future_is_taken_for_a_wrong_clock(shop: FaultShopHarness) -> Seen:
    return await _refuses_until_the_chain_is_good(shop, "early_chain", "clock")


@CERTIFICATE.of("C44", "the first connection of a number that is not linked meets a foreign root")
async def a_pairing_with_a_foreign_server_shows_no_code_until_the_real_one_answers(
    shop: FaultShopHarness,
) -> Seen:
    await shop.unlink()
    await shop.whatsapp.fault("foreign_root")
    await shop.core.connection.pair()
    await shop.until_reason("certificate")
    assert shop.status.qr_code is None
    seen = connection_of(shop)
    await shop.whatsapp.admin.post("scan", number=SHOP, qr=await shop.shown_code())
    await shop.until_open()
    assert shop.status.state is ConnectionState.CONNECTED
    return seen


@CERTIFICATE.of(
    "C45",
    "a pairing by code meets a foreign root until the program gives up",
    shortened="given up after 30 s → 3 s",
)
async def a_pairing_by_code_ends_with_the_cause_and_blames_no_number(shop: FaultShopHarness) -> Seen:
    await shop.unlink()
    await shop.whatsapp.fault("foreign_root", times=-1)
    with suppress(PairingCodeRefusedError):
        await shop.core.connection.pair_by_code(Phone(SHOP))
    assert shop.status.pairing is None
    seen = connection_of(shop)
    tries = await shop.counted("connections")
    await shop.whatsapp.fault("foreign_root", times=0)
    await shop.whatsapp.type_pairing_code(await shop.typed_code())
    await shop.until_open()
    assert await shop.counted("connections") == tries + 2
    return seen


@CERTIFICATE.of(
    "C46",
    "an antivirus opens TLS, the system's certificates are allowed, and the server behind is not WhatsApp",
)
async def an_antivirus_is_let_through_and_whatsapp_is_known_by_noise_alone(shop: FaultShopHarness) -> Seen:
    before = await shop.whatsapp.counters()
    with TemporaryDirectory() as folder:
        antivirus, port = Antivirus.install(Path(folder)), free_port()
        async with (
            antivirus.listening(port, relay_to(shop.whatsapp.url)),
            open_fault_shop(shop.whatsapp, antivirus=antivirus.leads(port)) as other,
        ):
            await other.core.connection.pair()
            await other.until_reason("certificate")
            assert await other.counted("connections") == before["connections"]

            async def let_through() -> bool:
                return await other.counted("connections") > before["connections"]

            await wait_until(let_through)
            await other.until_reason("certificate")
            seen = connection_of(other)
            await other.core.connection.disconnect()
    after = await shop.whatsapp.counters()
    assert (after["logins"], after["pairings"]) == (before["logins"], before["pairings"])
    return seen
