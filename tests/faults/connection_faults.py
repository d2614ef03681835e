"""What can become of a connection that was open."""

from datetime import timedelta

import psutil

from app.domain.liveness import LivenessPolicy
from app.domain.notification import State
from app.domain.recycling import RecyclingPolicy
from app.domain.session import ConnectionState
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import MAIN, SECOND, Counter, open_counter, sidecars

CONNECTION = Trials("Connection")
_LOOKS = "asked every 15 s → 0.5 s, replaced after 45 s → 2 s"


async def _waits_without_attempt(counter: Counter) -> None:
    """What is ordered meanwhile stands in the queue, untried."""
    row = await counter.message(await counter.tell(await counter.customer()))
    assert (row.state, row.attempts) == (State.PENDING, 0)


@CONNECTION.of("C1", "the shop's phone unlinks this computer (401)")
async def an_unlinked_computer_keeps_queue_and_session_until_a_person_pairs_again(counter: Counter) -> Seen:
    (device,) = [each["device"] for each in await counter.whatsapp.devices() if each.get("online")]
    await counter.whatsapp.unlink(device)
    await counter.until_reason("logged_out")
    seen = connection_of(counter)
    order = await counter.tell(await counter.customer())
    assert (await counter.message(order)).attempts == 0
    assert await counter.store.read(lambda rows: rows.sessions.get(MAIN))
    await counter.pair()
    await counter.until_state(order, State.READ)
    return seen


@CONNECTION.of("C2", "the login is answered with 403")
async def a_banned_number_is_never_tried_again_by_itself(counter: Counter) -> Seen:
    await counter.whatsapp.fault("login_failure", code=403)
    await counter.whatsapp.fault("drop")
    await counter.until_reason("banned")
    await _waits_without_attempt(counter)
    return connection_of(counter)


@CONNECTION.of("C3", "two logins are answered with 405", shortened="tried again after 30–45 min → 1 s")
async def an_outdated_client_says_so_and_is_tried_again_rarely(counter: Counter) -> Seen:
    counter.clock.longest = SECOND
    await counter.whatsapp.fault("login_failure", code=405, times=2)
    await counter.whatsapp.fault("drop")
    await counter.until(lambda: counter.status.state is ConnectionState.BLOCKED)
    seen = connection_of(counter)
    await counter.until_open()
    return seen


@CONNECTION.of(
    "C4", "replaced (440) three times within a minute", shortened="tried again after 10–15 s → 1 s"
)
async def a_session_that_another_program_takes_three_times_is_left_to_it(counter: Counter) -> Seen:
    counter.clock.longest = SECOND
    tries = await counter.counted("connections")
    await counter.whatsapp.fault("stream_error", code=440, times=3)
    await counter.until(lambda: counter.status.state is ConnectionState.BLOCKED)
    assert await counter.counted("connections") == tries + 2
    return connection_of(counter)


@CONNECTION.of("C5", "`drop` and `xmlstreamend` (428), stream errors 500 and 503, connections refused (408)")
async def a_lost_connection_comes_back_by_itself_and_costs_no_message_an_attempt(counter: Counter) -> Seen:
    said = set()
    for kind, fields in (
        ("drop", {}),
        ("stream_error", {"cause": "xmlstreamend"}),
        ("stream_error", {"code": 500}),
        ("stream_error", {"code": 503}),
    ):
        await counter.whatsapp.fault(kind, **fields)
        await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
        said.add(counter.connection_says())
        order = await counter.tell(await counter.customer())
        await counter.until_open()
        assert (await counter.until_state(order, State.READ)).attempts == 1
        await counter.core.connection.reconnect()
        await counter.until_open()
    await counter.whatsapp.fault("refuse_connections")
    await counter.whatsapp.fault("drop")
    await counter.until(lambda: counter.lamps().count(ConnectionState.DISCONNECTED) > 0)
    await counter.whatsapp.fault("accept_connections")
    await counter.until_open()
    return Seen(counter.status.state, (*said, counter.connection_says()))


@CONNECTION.of("C6", "the web socket is refused with HTTP 403, 405, 429 and 503")
async def a_refused_web_socket_is_tried_again_and_taken_for_no_word_on_the_number(counter: Counter) -> Seen:
    said = ""
    for code in (403, 405, 429, 503):
        tries = await counter.counted("connections")
        await counter.whatsapp.fault("upgrade_status", code=code)
        await counter.whatsapp.fault("drop")
        await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
        said = counter.connection_says()
        assert counter.status.reason is None, code
        await counter.until_open()
        assert await counter.counted("connections") > tries
        assert ConnectionState.BLOCKED not in counter.lamps()
        await counter.core.connection.reconnect()
        await counter.until_open()
    return Seen(counter.status.state, (said, counter.connection_says()))


@CONNECTION.of(
    "C7", "the network stalls, is half open, is one-sided (`mute`, `half_open`, `silence`)", shortened=_LOOKS
)
async def a_dead_connection_behind_an_open_socket_is_found_and_replaced(counter: Counter) -> Seen:
    said = ""
    for line in ("mute", "half_open", "silence"):
        await counter.whatsapp.fault(line)
        await counter.until(lambda: counter.status.state is ConnectionState.UNSTABLE)
        said = counter.connection_says()
        await counter.until(lambda: counter.status.state is ConnectionState.CONNECTING)
        await counter.whatsapp.fault("unmute")
        await counter.until_open()
    return Seen(counter.status.state, (said, counter.connection_says()))


@CONNECTION.of(
    "C7", "the PC sleeps an hour, and the line is dead afterwards", shortened="two questions of 5 s → 0.5 s"
)
async def after_sleep_the_connection_is_asked_at_once_and_replaced(counter: Counter) -> Seen:
    proof = LivenessPolicy(short_probe_timeout=SECOND / 2, check_every=SECOND / 10)
    async with open_counter(counter.whatsapp, proof=proof) as other:
        await other.pair()
        await other.until(lambda: other.status.round_trip)
        other.lamps()
        await counter.whatsapp.fault("mute")
        other.clock.oversleep(timedelta(hours=1))
        await other.until(lambda: other.status.state is ConnectionState.CONNECTING)
        said = other.connection_says()
        await counter.whatsapp.fault("unmute")
        await other.until_open()
        seen = Seen(other.status.state, (said, other.connection_says()))
        await other.core.connection.logout()
    return seen


@CONNECTION.of("C8", "stream errors that hold `ack` and `xml-not-well-formed`")
async def a_stream_that_whatsapp_calls_broken_is_opened_anew(counter: Counter) -> Seen:
    said = ""
    for cause in ("ack", "xml-not-well-formed"):
        await counter.whatsapp.fault("stream_error", cause=cause)
        await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
        assert counter.status.reason is None
        said = counter.connection_says()
        await counter.until_open()
        await counter.told(await counter.customer())
    return Seen(counter.status.state, (said, counter.connection_says()))


@CONNECTION.of("C9", "five reconnections in a row")
async def a_connection_that_is_replaced_leaves_no_socket_behind(counter: Counter) -> Seen:
    (process,) = sidecars()
    for _ in range(5):
        await counter.core.connection.reconnect()
        await counter.until(lambda: counter.status.state is not ConnectionState.CONNECTED)
        await counter.until_open()
    await counter.until(lambda: len(_sockets(process)) == 1)
    return connection_of(counter)


def _sockets(process: psutil.Process) -> list[object]:
    return [each for each in process.net_connections("tcp") if each.status == psutil.CONN_ESTABLISHED]


@CONNECTION.of(
    "C9", "a Node process over the limit of memory", shortened="350 MB → 1 byte, looked at after 10 min → 3 s"
)
async def a_large_process_is_followed_by_a_fresh_one_without_a_new_pairing(counter: Counter) -> Seen:
    before = set(sidecars())
    async with open_counter(
        counter.whatsapp, recycling=RecyclingPolicy(most_memory=1, settled_after=3 * SECOND)
    ) as other:
        await other.pair()
        (large,) = set(sidecars()) - before
        pairings = await counter.counted("pairings")
        await other.until(lambda: other.status.state is ConnectionState.CONNECTING)
        said = other.connection_says()
        await other.until_open()
        assert large not in sidecars()
        assert await counter.counted("pairings") == pairings
        seen = Seen(other.status.state, (said, other.connection_says()))
        await other.core.connection.logout()
    return seen


@CONNECTION.of(
    "C10", "an unreadable status post waits in front of a customer's text while the program is away"
)
async def what_waits_behind_an_unreadable_post_arrives_and_the_queue_empties(counter: Counter) -> Seen:
    poster, writer = await counter.customer(), await counter.customer()
    await counter.core.connection.disconnect()
    await counter.until(lambda: counter.status.state is ConnectionState.DISCONNECTED)
    await counter.whatsapp.fault("garble_inbound", number=poster.number, times=-1)
    await counter.whatsapp.write(poster.number, text="promoção", place="status")
    await counter.whatsapp.write(writer.number, text="posso pegar?")
    await counter.core.connection.reconnect()
    await counter.until(lambda: [each.text for each in counter.heard(writer)] == ["posso pegar?"])
    assert counter.heard(poster) == []
    await counter.until_all_is_taken()
    return connection_of(counter)
