"""What can become of a connection that was open."""

from datetime import timedelta

import psutil

from app.domain.liveness import LivenessPolicy
from app.domain.notification import State
from app.domain.recycling import RecyclingPolicy
from app.domain.session import ConnectionState
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, SECOND, FaultShopHarness, open_fault_shop
from tests.harness.sidecar_messenger import sidecars
from tests.harness.waiting import wait_until

CONNECTION = Trials("Connection")
_LOOKS = "asked every 15 s → 0.5 s, replaced after 45 s → 2 s"


async def _waits_without_attempt(shop: FaultShopHarness) -> None:
    """What is ordered meanwhile stands in the queue, untried."""
    row = await shop.message(await shop.tell(await shop.customer()))
    assert (row.state, row.attempts) == (State.PENDING, 0)


@CONNECTION.of("C1", "the shop's phone unlinks this computer (401)")
async def an_unlinked_computer_keeps_queue_and_session_until_a_person_pairs_again(
    shop: FaultShopHarness,
) -> Seen:
    (device,) = [each["device"] for each in await shop.whatsapp.devices() if each.get("online")]
    await shop.whatsapp.unlink(device)
    await shop.until_reason("logged_out")
    seen = connection_of(shop)
    order = await shop.tell(await shop.customer())
    assert (await shop.message(order)).attempts == 0
    assert await shop.store.read(lambda rows: rows.sessions.get(MAIN))
    await shop.pair()
    await shop.until_state(order, State.READ)
    return seen


@CONNECTION.of("C2", "the login is answered with 403")
async def a_number_without_its_linked_devices_is_not_tried_again_by_itself(shop: FaultShopHarness) -> Seen:
    await shop.whatsapp.fault("login_failure", code=403)
    await shop.whatsapp.fault("drop")
    await shop.until_reason("devices_ended")
    await _waits_without_attempt(shop)
    return connection_of(shop)


@CONNECTION.of("C3", "two logins are answered with 405", shortened="tried again after 30–45 min → 1 s")
async def an_outdated_client_says_so_and_is_tried_again_rarely(shop: FaultShopHarness) -> Seen:
    shop.clock.longest = SECOND
    await shop.whatsapp.fault("login_failure", code=405, times=2)
    await shop.whatsapp.fault("drop")
    await shop.until(lambda: shop.status.state is ConnectionState.BLOCKED)
    seen = connection_of(shop)
    await shop.until_open()
    return seen


@CONNECTION.of(
    "C4", "replaced (440) three times within a minute", shortened="tried again after 10–15 s → 1 s"
)
async def a_session_that_another_program_takes_three_times_is_left_to_it(shop: FaultShopHarness) -> Seen:
    shop.clock.longest = SECOND
    tries = await shop.counted("connections")
    await shop.whatsapp.fault("stream_error", code=440, times=3)
    await shop.until(lambda: shop.status.state is ConnectionState.BLOCKED)
    assert await shop.counted("connections") == tries + 2
    return connection_of(shop)


@CONNECTION.of("C5", "`drop` and `xmlstreamend` (428), stream errors 500 and 503, connections refused (408)")
async def a_lost_connection_comes_back_by_itself_and_costs_no_message_an_attempt(
    shop: FaultShopHarness,
) -> Seen:
    said: list[str] = []
    for kind, fields in (
        ("drop", {}),
        ("stream_error", {"cause": "xmlstreamend"}),
        ("stream_error", {"code": 500}),
        ("stream_error", {"code": 503}),
    ):
        await shop.whatsapp.fault(kind, **fields)
        await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
        said.append(shop.connection_says())
        order = await shop.tell(await shop.customer())
        await shop.until_open()
        assert (await shop.until_state(order, State.READ)).attempts == 1
        await shop.core.connection.reconnect()
        await shop.until_open()
    await shop.whatsapp.fault("refuse_connections")
    await shop.whatsapp.fault("drop")
    await shop.until(lambda: shop.lamps().count(ConnectionState.DISCONNECTED) > 0)
    await shop.whatsapp.fault("accept_connections")
    await shop.until_open()
    return Seen(shop.status.state, tuple(dict.fromkeys([*said, shop.connection_says()])))


@CONNECTION.of("C6", "the web socket is refused with HTTP 403, 405, 429 and 503")
async def a_refused_web_socket_is_tried_again_and_taken_for_no_word_on_the_number(
    shop: FaultShopHarness,
) -> Seen:
    said: list[str] = []
    for code, reason in ((403, "refused"), (405, "refused"), (429, "service_down"), (503, "service_down")):
        tries = await shop.counted("connections")
        await shop.whatsapp.fault("upgrade_status", code=code)
        await shop.whatsapp.fault("drop")
        await shop.until_reason(reason)
        said.append(shop.connection_says())
        await shop.until_open()
        assert await shop.counted("connections") > tries
        assert ConnectionState.BLOCKED not in shop.lamps()
        await shop.core.connection.reconnect()
        await shop.until_open()
    return Seen(shop.status.state, tuple(dict.fromkeys([*said, shop.connection_says()])))


@CONNECTION.of(
    "C7", "the network stalls, is half open, is one-sided (`mute`, `half_open`, `silence`)", shortened=_LOOKS
)
async def a_dead_connection_behind_an_open_socket_is_found_and_replaced(shop: FaultShopHarness) -> Seen:
    said = ""
    for line in ("mute", "half_open", "silence"):
        await shop.whatsapp.fault(line)
        await shop.until(lambda: shop.status.state is ConnectionState.UNSTABLE)
        said = shop.connection_says()
        await shop.until(lambda: shop.status.state is ConnectionState.CONNECTING)
        await shop.whatsapp.fault("unmute")
        await shop.until_open()
    return Seen(shop.status.state, (said, shop.connection_says()))


@CONNECTION.of(
    "C7", "the PC sleeps an hour, and the line is dead afterwards", shortened="two questions of 5 s → 0.5 s"
)
async def after_sleep_the_connection_is_asked_at_once_and_replaced(shop: FaultShopHarness) -> Seen:
    proof = LivenessPolicy(short_probe_timeout=SECOND / 2, check_every=SECOND / 10)
    async with open_fault_shop(shop.whatsapp, proof=proof) as other:
        await other.pair()
        await other.until(lambda: other.status.round_trip)
        other.lamps()
        await shop.whatsapp.fault("mute")
        other.clock.oversleep(timedelta(hours=1))
        await other.until(lambda: other.status.state is ConnectionState.CONNECTING)
        said = other.connection_says()
        await shop.whatsapp.fault("unmute")
        await other.until_open()
        seen = Seen(other.status.state, (said, other.connection_says()))
        await other.core.connection.logout()
    return seen


@CONNECTION.of("C8", "stream errors that hold `ack` and `xml-not-well-formed`")
async def a_stream_that_whatsapp_calls_broken_is_opened_anew(shop: FaultShopHarness) -> Seen:
    said = ""
    for cause in ("ack", "xml-not-well-formed"):
        await shop.whatsapp.fault("stream_error", cause=cause)
        await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
        assert shop.status.reason is None
        said = shop.connection_says()
        await shop.until_open()
        await shop.told(await shop.customer())
    return Seen(shop.status.state, (said, shop.connection_says()))


@CONNECTION.of("C9", "five reconnections in a row")
async def a_connection_that_is_replaced_leaves_no_socket_behind(shop: FaultShopHarness) -> Seen:
    (process,) = sidecars()
    for _ in range(5):
        await shop.core.connection.reconnect()
        await shop.until(lambda: shop.status.state is not ConnectionState.CONNECTED)
        await shop.until_open()
    await shop.until(lambda: len(_sockets(process)) == 1)
    return connection_of(shop)


def _sockets(process: psutil.Process) -> list[object]:
    return [each for each in process.net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]


@CONNECTION.of(
    "C9", "a Node process over the limit of memory", shortened="350 MB → 1 byte, looked at after 10 min → 3 s"
)
async def a_large_process_is_followed_by_a_fresh_one_without_a_new_pairing(shop: FaultShopHarness) -> Seen:
    before = set(sidecars())
    async with open_fault_shop(
        shop.whatsapp, recycling=RecyclingPolicy(most_memory=1, settled_after=3 * SECOND)
    ) as other:
        await other.pair()
        (large,) = set(sidecars()) - before
        pairings = await shop.counted("pairings")
        await other.until(lambda: other.status.state is ConnectionState.CONNECTING)
        said = other.connection_says()
        await other.until_open()
        assert large not in sidecars()
        assert await shop.counted("pairings") == pairings
        seen = Seen(other.status.state, (said, other.connection_says()))
        await other.core.connection.logout()
    return seen


@CONNECTION.of(
    "C10", "an unreadable status post waits in front of a customer's text while the program is away"
)
async def what_waits_behind_an_unreadable_post_arrives_and_the_queue_empties(shop: FaultShopHarness) -> Seen:
    poster, writer = await shop.customer(), await shop.customer()
    await shop.core.connection.disconnect()
    await shop.until(lambda: shop.status.state is ConnectionState.DISCONNECTED)
    await shop.whatsapp.fault("garble_inbound", number=poster.number, times=-1)
    await shop.whatsapp.write(poster.number, text="promoção", place="status")
    await shop.whatsapp.write(writer.number, text="posso pegar?")
    await shop.core.connection.reconnect()
    await shop.until(lambda: [each.text for each in shop.heard(writer)] == ["posso pegar?"])
    assert shop.heard(poster) == []
    await shop.until_all_is_taken()
    return connection_of(shop)


@CONNECTION.of("C11", "the account's data change (`account_sync`), and its owner gives it another name")
async def the_phone_of_the_shop_keeps_ringing_while_the_account_changes(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    name = f"Coco Loko {customer.number}"

    async def shown() -> bool:
        programs = (await shop.whatsapp.presence())["devices"]
        return ("unavailable", name) in [(each["presence"], each["name"]) for each in programs]

    await shop.whatsapp.report_changes()
    await shop.whatsapp.rename(name)
    await shop.whatsapp.write_elsewhere(customer.number, "já vai")
    await shop.told(customer)
    presence = await shop.whatsapp.presence()
    assert presence["rings"]
    assert not any(each["available_count"] for each in presence["devices"])
    await wait_until(shown)
    return connection_of(shop)
