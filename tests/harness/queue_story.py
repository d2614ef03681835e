"""Steps of a queue's story: some customers, two numbers, and a program that may die."""

import asyncio
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from app.domain.contact import Contact
from app.domain.errors import RefusalError
from app.domain.identifiers import NotificationId, SessionId, notification_id
from app.domain.lease import LeaseOwner
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.queue_policy import QueuePolicy
from app.domain.receipt import Evidence, Receipt
from app.domain.session import SessionData
from app.ports.messenger import LinkChanged, LinkState
from app.ports.store import Rows
from app.services.messaging.records import NotificationRequest
from tests.harness.queue_witness import WINDOW, Journal, WitnessedMessenger, WitnessedStore
from tests.harness.shop import MAIN, TRUSTING, Shop, open_shop, shop_choices
from tests.simulators.moved_clock import MovedClock, let_tasks_run

SECOND = SessionId("second")
SENDERS = {Phone("+5573999548531"): MAIN, Phone("+5573999548532"): SECOND, Phone("+5573999548533"): MAIN}
# More than may be on their way at once; each order is told of once.
PASSERS_BY = {Phone(f"+557399954860{n}"): MAIN for n in range(WINDOW + 1)}
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
UNDO_WINDOW = timedelta(seconds=2)


def _known_to(rows: Rows, *, phone: Phone, sender: SessionId) -> None:
    """Walk-in customers wrote first; the others are strangers."""
    rows.contacts.save(phone, Contact(sender, first_inbound_at=_LONG_AGO if phone in PASSERS_BY else None))


@dataclass
class Story:
    """Customers whose orders go through every stage, others who come once, two numbers, a program that may die."""

    repeats_doubts: bool
    stalled: bool = False
    """Whether messages stop short of the wire, in this life and the next."""
    journal: Journal = field(default_factory=Journal)
    clock: MovedClock = field(default_factory=MovedClock)
    lives: int = 0
    rushes: int = 0
    running: list["asyncio.Task[Any]"] = field(default_factory=list)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    store: WitnessedStore = field(init=False)
    shop: Shop = field(init=False)

    async def begin(self, found: WitnessedStore | None = None) -> None:
        self.lives += 1
        self.journal.aloft.clear()
        self.store = WitnessedStore(self.journal, found)
        if found is None:
            second = SessionData(SECOND, "c", paired=True, phone=Phone("+5573988114455"))
            await self.store.transact(lambda rows: rows.sessions.save(second))
            for phone, sender in {**SENDERS, **PASSERS_BY}.items():
                await self.store.transact(partial(_known_to, phone=phone, sender=sender))
        opened = open_shop(
            store=self.store,
            owner=LeaseOwner(self.lives, "now", "boot"),
            messengers=lambda clock: WitnessedMessenger(clock, store=self.store, stalled=self.stalled),
            undo_window=UNDO_WINDOW,
            repeats_doubts=self.repeats_doubts,
            choices=shop_choices(
                queue=QueuePolicy(window=WINDOW), more_sessions=(SECOND,), liveness=TRUSTING
            ),
            clock=self.clock,
            seed=self.lives,
        )
        self.shop = await self.stack.enter_async_context(opened)

    async def end(self) -> None:
        """The witness ignores the acts of a life that is being closed."""
        self.store.journal = Journal()
        self.shop.messenger.gate.set()
        self.messenger.wire.set()
        await self.stack.aclose()
        await asyncio.gather(*self.running, return_exceptions=True)
        self.running.clear()

    async def crash(self) -> None:
        found = WitnessedStore(self.journal, self.store)
        await self.end()
        await self.begin(found)

    @property
    def messenger(self) -> WitnessedMessenger:
        assert isinstance(self.shop.messenger, WitnessedMessenger)
        return self.shop.messenger

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        self.running.append(asyncio.get_running_loop().create_task(work))


@dataclass(frozen=True)
class Seen:
    """Each customer has two orders; every status may come again, late or never."""

    number: int
    status: str
    waits: bool

    async def __call__(self, story: Story) -> None:
        phone = list(SENDERS)[self.number % len(SENDERS)]
        order = story.shop.order(self.number, phone=phone.number, status=self.status)
        wait = timedelta(seconds=5 if self.waits else 0)
        story.start(story.shop.core.watcher.store_and_notify(order, wait=wait))


@dataclass(frozen=True)
class Rush:
    """Walk-in customers pay at once."""

    async def __call__(self, story: Story) -> None:
        for number, phone in enumerate(PASSERS_BY):
            order = story.shop.order(100 + len(PASSERS_BY) * story.rushes + number, phone=phone.number)
            story.start(story.shop.core.watcher.store_and_notify(order))
        story.rushes += 1


@dataclass(frozen=True)
class Act:
    """Act of a person on one message; a refusal is a valid answer."""

    name: str
    number: int
    kind: NotificationType

    async def __call__(self, story: Story) -> None:
        story.start(self._done(story, story.store.journal))

    async def _done(self, story: Story, journal: Journal) -> None:
        order = story.shop.order(self.number).id
        wanted, queue = NotificationRequest(order, self.kind), story.shop.core.queue
        row = notification_id(order, self.kind, 1)
        with suppress(RefusalError):
            match self.name:
                case "click" | "resend":
                    messages = story.shop.core.messages
                    send = messages.send_notification if self.name == "click" else messages.resend
                    result = await send(wanted)
                    if result.notification_id and story.store.journal is journal:
                        journal.accepted.add(result.notification_id)
                case "not_arrived":
                    await self._not_arrived(story, row)
                case "arrived":
                    await queue.settle_doubt(row, arrived=True)
                case _:
                    await getattr(queue, self.name)(row)

    async def _not_arrived(self, story: Story, row: NotificationId) -> None:
        story.journal.told_again[row] += 1
        await story.shop.core.queue.settle_doubt(row, arrived=False)


@dataclass(frozen=True)
class RetryAll:
    async def __call__(self, story: Story) -> None:
        story.start(story.shop.core.queue.retry_failed_notifications())


@dataclass(frozen=True)
class Pause:
    async def __call__(self, story: Story) -> None:
        await story.shop.core.queue.pause()
        await let_tasks_run()
        story.journal.paused = True


@dataclass(frozen=True)
class Resume:
    async def __call__(self, story: Story) -> None:
        story.journal.paused = False
        await story.shop.core.queue.resume()


@dataclass(frozen=True)
class Word:
    """Receipt of a message that may have left, of any age."""

    ago: int
    evidence: Evidence

    async def __call__(self, story: Story) -> None:
        left = [each for each in story.journal.handed if each.may_have_left]
        if not left:
            return
        about = left[-1 - self.ago % len(left)].send.message_id
        before = story.store.row_of(about)
        await story.shop.messenger.emit(Receipt(about, self.evidence, story.clock.now(), 479))
        after = story.store.row_of(about)
        if self.evidence is not Evidence.REJECTED:
            story.journal.evidenced.add(about)
        elif before.state is State.IN_DOUBT and after.state is State.FAILED:
            for each in story.journal.handed:
                each.refused_late |= each.send.message_id == about


@dataclass(frozen=True)
class Jump:
    """Set the PC's clock, also right after an opposite change."""

    days: int

    async def __call__(self, story: Story) -> None:
        story.clock.set_wall(story.clock.now() + timedelta(days=self.days))


@dataclass(frozen=True)
class Drop:
    session_id: SessionId

    async def __call__(self, story: Story) -> None:
        story.start(story.shop.messenger.emit(LinkChanged(self.session_id, LinkState.CLOSED, 428)))


@dataclass(frozen=True)
class Stall:
    """Hold messages in the sidecar, short of the wire, until released or the process dies."""

    stalled: bool

    async def __call__(self, story: Story) -> None:
        story.stalled, wire = self.stalled, story.messenger.wire
        (wire.clear if self.stalled else wire.set)()


@dataclass(frozen=True)
class Crash:
    async def __call__(self, story: Story) -> None:
        await story.crash()
