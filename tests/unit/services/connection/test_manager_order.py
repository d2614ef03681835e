"""Connection manager: the last request wins, and no session is forgotten too early."""

import asyncio
from datetime import timedelta

import pytest

from app.domain.errors import NotConnectedError, SidecarGoneError
from app.domain.events import Event, OfflineQueueDrained
from app.domain.identifiers import MessageId, SessionId
from app.domain.offline_queue import OfflineQueuePolicy
from app.domain.phone import Phone
from app.domain.recycling import RecyclingPolicy
from app.domain.session import REPORTS_WITHIN, ConnectionState, SessionData
from app.ports.inbound import Inbound
from app.ports.messenger import ANY_VERSION, ClientVersion, LinkChanged, LinkState, Pulse
from app.services.background_tasks import BackgroundTasks
from app.services.connection.liveness_monitor import LivenessMonitor
from app.services.connection.offline_queue_tracker import OfflineQueueTracker
from app.services.connection.recycling import Recycling
from app.services.connection.unread_senders import UnreadSenders
from app.services.event_bus import EventBus
from tests.harness.shop import MAIN, PAIRED, TRUSTING, Shop, in_shop
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger


@pytest.mark.requirement("S2")
def test_logout_forgets_nothing_when_whatsapp_cannot_be_told() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.open_sessions.clear()
        with pytest.raises(NotConnectedError):
            await shop.core.connection.logout()
        kept = await shop.store.read(lambda rows: rows.sessions.get(MAIN))
        assert kept == PAIRED
        await shop.core.connection.reconnect()
        await let_tasks_run()
        assert shop.core.connection.get_connection_status().state is ConnectionState.CONNECTED

    in_shop(story)


@pytest.mark.requirement("S5")
def test_recycle_brings_back_no_connection_that_was_ended_meanwhile() -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.gate.clear()
        connects = len(shop.messenger.connects)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(shop.core.connection.recycle(timedelta(minutes=1)))
            await let_tasks_run()
            await shop.core.connection.disconnect()
            shop.messenger.gate.set()
        await shop.pass_time(minutes=10)
        assert len(shop.messenger.connects) == connects
        assert shop.core.connection.get_connection_status().state is ConnectionState.DISCONNECTED

    in_shop(story)


class Hanging(ScriptedMessenger):
    """While `hangs`, it is told to connect and never answers."""

    hangs = False

    async def connect(self, session: SessionData, version: ClientVersion = ANY_VERSION) -> None:
        await super().connect(session, version)
        if self.hangs:
            self.hangs = False
            await asyncio.Event().wait()


@pytest.mark.requirement("S3")
def test_connection_is_tried_again_when_the_messenger_never_answers() -> None:
    async def story(shop: Shop) -> None:
        assert isinstance(shop.messenger, Hanging)
        shop.messenger.opens, shop.messenger.hangs = False, True
        async with asyncio.TaskGroup() as tasks:
            reconnecting = tasks.create_task(shop.core.connection.reconnect())
            await let_tasks_run()
            shop.messenger.opens = True
            connects = len(shop.messenger.connects)
            await shop.pass_time(seconds=REPORTS_WITHIN.total_seconds() + 60)
            assert len(shop.messenger.connects) == connects + 1
            reconnecting.cancel()

    in_shop(story, messengers=Hanging)


@pytest.mark.requirement("S4")
def test_truth_lamp_takes_no_answer_of_an_earlier_connection() -> None:
    class Replaced(ScriptedMessenger):
        """The connection is replaced while its answer is on the way."""

        replace = False

        async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
            if self.replace:
                self.replace = False
                await shops[0].core.connection.reconnect()
                await let_tasks_run()
                return Pulse(timedelta(0), 0, proved=self.clock.steady() - timedelta(seconds=1))
            return await super().ping(session_id, patience)

    shops: list[Shop] = []

    async def story(shop: Shop) -> None:
        shops.append(shop)
        assert isinstance(shop.messenger, Replaced)
        shop.messenger.replace = True
        before = shop.core.connection.generation
        connection, clock = shop.core.connection, shop.clock
        recycling = Recycling(connection, shop.store, clock, RecyclingPolicy())
        lamp = LivenessMonitor(connection, shop.messenger, clock, TRUSTING, recycling)
        assert await lamp._probe_once()
        assert shop.core.connection.generation == before + 1

    in_shop(story, messengers=Replaced)


def test_draining_is_told_at_once_though_an_earlier_connection_waited() -> None:
    async def story() -> None:
        draining, clock, tasks, told = _draining()
        draining.record_open(1)
        draining.record_closed()
        draining.record_drained(2)
        await clock.advance(timedelta(seconds=5))
        draining.record_open(2)
        assert told == [OfflineQueueDrained(MAIN)]
        await tasks.stop()

    asyncio.run(story())


def _draining() -> tuple[OfflineQueueTracker, MovedClock, BackgroundTasks, list[Event]]:
    clock, bus, tasks, told = MovedClock(), EventBus(), BackgroundTasks(), list[Event]()
    bus.subscribe(Event, told.append)
    policy = OfflineQueuePolicy()
    senders = UnreadSenders(clock, policy)
    tracker = OfflineQueueTracker(MAIN, bus, clock, tasks, senders, policy)
    return tracker, clock, tasks, told


@pytest.mark.requirement("X1")
def test_draining_waits_while_messages_still_arrive() -> None:
    async def story() -> None:
        draining, clock, tasks, told = _draining()
        draining.record_open(1)
        for _ in range(5):
            await clock.advance(timedelta(seconds=4))
            draining.record_arrival()
        assert told == []
        await clock.advance(timedelta(seconds=5))
        assert told == [OfflineQueueDrained(MAIN)]
        await tasks.stop()

    asyncio.run(story())


def test_draining_ends_within_a_minute_of_a_busy_chat() -> None:
    async def story() -> None:
        draining, clock, tasks, told = _draining()
        draining.record_open(1)
        for _ in range(15):
            await clock.advance(timedelta(seconds=4))
            draining.record_arrival()
        assert told == [OfflineQueueDrained(MAIN)]
        await tasks.stop()

    asyncio.run(story())


@pytest.mark.requirement("X1")
def test_draining_is_put_off_by_each_text_that_arrives() -> None:
    async def story(shop: Shop) -> None:
        shop.core.connection.offline_queue.record_open(9)
        await shop.pass_time(seconds=4)
        customer, at = Phone("+5573988887777"), shop.clock.now()
        await shop.messenger.emit(Inbound(MAIN, MessageId("3A1"), customer, "text", "oi?", at, live=True))
        await shop.pass_time(seconds=4)
        assert shop.core.connection.offline_queue.drained_generation == 0
        await shop.pass_time(seconds=5)
        assert shop.core.connection.offline_queue.drained_generation == 9

    in_shop(story)


class Deaf(ScriptedMessenger):
    """Its process is gone when it is told to disconnect."""

    async def disconnect(self, session_id: SessionId) -> None:  # noqa: ARG002 - the port's signature
        raise SidecarGoneError


@pytest.mark.requirement("S3")
def test_disconnect_holds_though_the_messenger_could_not_be_told() -> None:
    async def story(shop: Shop) -> None:
        connects = len(shop.messenger.connects)
        with pytest.raises(SidecarGoneError):
            await shop.core.connection.disconnect()
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED))
        await shop.pass_time(minutes=10)
        assert len(shop.messenger.connects) == connects

    in_shop(story, messengers=Deaf)
