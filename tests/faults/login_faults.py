"""What a login can be answered with, and what a connection can fail on."""

from datetime import timedelta

from app.domain.notification import State
from app.domain.session import ConnectionState
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Story, Trials
from tests.harness.fault_shop import SECOND, FaultShopHarness
from tests.harness.waiting import wait_until

LOGINS = Trials("Login and network")
_HOURLY = "tried again after an hour → 1 s"
_BAN = 5


async def _refuse_login(shop: FaultShopHarness, code: int, **more: int) -> None:
    await shop.whatsapp.fault("login_failure", code=code, **more)
    await shop.whatsapp.fault("drop")


async def _waits_untried(shop: FaultShopHarness) -> None:
    row = await shop.message(await shop.tell(await shop.customer()))
    assert row.attempts == 0


def _dated(shop: FaultShopHarness) -> Seen:
    """The connection's sentence, with its moment made the same in every run."""
    seen, until = connection_of(shop), shop.status.until
    assert until
    said = seen.said[0]
    for form, name in (("%d/%m/%Y %H:%M", "DD/MM/YYYY HH:MM"), ("%d/%m %H:%M", "DD/MM HH:MM")):
        said = said.replace(until.astimezone().strftime(form), name)
    return Seen(seen.end, (said,))


@LOGINS.of(
    "C12", "the login is answered with 402 and its end (`expire`)", shortened=f"a ban of hours → {_BAN} s"
)
async def a_temporary_ban_is_said_with_its_end_and_left_alone_until_then(shop: FaultShopHarness) -> Seen:
    tries = await shop.counted("connections")
    began = shop.clock.elapsed()
    await _refuse_login(shop, 402, expire_s=_BAN)
    await shop.until_reason("suspended_until")
    seen = _dated(shop)
    await _waits_untried(shop)
    await shop.until_open()
    assert shop.clock.elapsed() - began >= timedelta(seconds=_BAN)
    assert await shop.counted("connections") == tries + 2
    return seen


@LOGINS.of("C13", "the login is answered with 402 without an end", shortened=_HOURLY)
async def a_temporary_ban_without_an_end_is_tried_once_an_hour(shop: FaultShopHarness) -> Seen:
    return await _tried_rarely(shop, 402, "suspended")


@LOGINS.of("C14", "the login is answered with 406")
async def a_banned_number_is_never_tried_again_by_itself(shop: FaultShopHarness) -> Seen:
    tries = await shop.counted("connections")
    await _refuse_login(shop, 406)
    await shop.until_reason("banned")
    await _waits_untried(shop)
    assert await shop.counted("connections") == tries + 1
    return connection_of(shop)


@LOGINS.of("C15", "the login is answered with 401")
async def an_unlinked_computer_asks_to_be_linked_again(shop: FaultShopHarness) -> Seen:
    await _refuse_login(shop, 401)
    await shop.until_reason("logged_out")
    await _waits_untried(shop)
    return connection_of(shop)


@LOGINS.of("C16", "the login is answered with 411")
async def an_account_without_linked_devices_is_not_tried_again(shop: FaultShopHarness) -> Seen:
    await _refuse_login(shop, 411)
    await shop.until_reason("multidevice_mismatch")
    return connection_of(shop)


async def _tried_rarely(shop: FaultShopHarness, code: int, reason: str) -> Seen:
    shop.clock.longest = SECOND
    tries = await shop.counted("connections")
    await _refuse_login(shop, code)
    await shop.until(lambda: shop.status.state is ConnectionState.BLOCKED)
    assert shop.status.reason == reason
    seen = connection_of(shop)
    await _waits_untried(shop)
    await shop.until_open()
    assert await shop.counted("connections") == tries + 2
    return seen


def _refusal(code: int) -> Story:
    async def a_refused_login_is_said_with_its_code_and_tried_once_an_hour(shop: FaultShopHarness) -> Seen:
        return await _tried_rarely(shop, code, "login_refused")

    return a_refused_login_is_said_with_its_code_and_tried_once_an_hour


for _number, _code in enumerate((400, 409, 413, 414, 415, 418, 429), 17):
    LOGINS.of(f"C{_number}", f"the login is answered with {_code}", shortened=_HOURLY)(_refusal(_code))


def _weakness(code: int) -> Story:
    async def a_service_that_is_down_is_named_and_tried_again_soon(shop: FaultShopHarness) -> Seen:
        await _refuse_login(shop, code)
        await shop.until_reason("service_down")
        assert shop.status.state is ConnectionState.DISCONNECTED
        seen = connection_of(shop)
        await shop.until_open()
        return seen

    return a_service_that_is_down_is_named_and_tried_again_soon


for _number, _code in ((24, 500), (25, 503)):
    LOGINS.of(f"C{_number}", f"the login is answered with {_code}")(_weakness(_code))


@LOGINS.of("C26", "nobody listens on the server's port, then somebody does (`close_port`)")
async def a_refused_connection_is_named_and_comes_back_by_itself(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.fault("close_port", ms=2500)
    await shop.until_reason("refused")
    seen = connection_of(shop)
    await shop.until_open()
    return seen


@LOGINS.of("C27", "a firewall cuts each new connection (`refuse_connections`)")
async def a_connection_that_is_cut_at_once_counts_as_refused(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.fault("refuse_connections")
    await shop.whatsapp.fault("drop")
    await shop.until_reason("refused")
    seen = connection_of(shop)
    await shop.whatsapp.fault("accept_connections")
    await shop.until_open()
    return seen


@LOGINS.of(
    "C28", "the network swallows each new connection (`half_open`)", shortened="a connection takes 20 s → 2 s"
)
async def a_network_that_answers_nothing_counts_as_no_internet(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.fault("half_open")
    await shop.core.connection.reconnect()
    await shop.until_reason("no_internet")
    seen = connection_of(shop)
    await shop.whatsapp.fault("unmute")
    await shop.until_open()
    return seen


@LOGINS.of(
    "C29",
    "a message waits while nobody listens on the port for 15 s",
    shortened="none: the waits are the real ones",
)
async def the_connection_is_back_within_10_s_of_the_network(shop: FaultShopHarness) -> Seen:
    outage, customer = timedelta(seconds=15), await shop.customer()
    shop.clock.longest = timedelta(minutes=2)
    closed = shop.clock.elapsed()
    await shop.whatsapp.fault("close_port", ms=outage // timedelta(milliseconds=1))
    await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
    order = await shop.tell(customer)
    await wait_until(lambda: shop.status.is_connected, (outage + 10 * SECOND).total_seconds())
    assert shop.clock.elapsed() - closed > outage
    await shop.until_state(order, State.READ)
    return connection_of(shop)
