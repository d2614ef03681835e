"""Each setting that applies at once is in force without a restart: the same act before and after its change."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.audit import Actor
from app.domain.contact import Contact
from app.domain.errors import InvalidPhoneError
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.domain.setting_spec import Applies
from app.domain.settings import SETTINGS
from app.domain.template import MessageTemplate
from app.ports.messenger import LinkChanged, LinkState
from tests.contracts.asked_store import owed
from tests.harness.customer_words import say
from tests.harness.settings_shop import open_settings_shop
from tests.harness.shop import MAIN, Shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import let_tasks_run

pytestmark = pytest.mark.requirement("D4")

SECOND = SessionId("second")
PAIRED_SECOND = SessionData(SECOND, "c", paired=True, phone=Phone("+5573988114455"))
WITHOUT_PACE: dict[str, str | int] = {"PACE_PER_MINUTE": 0}
TWO_NUMBERS: dict[str, str | int] = {"WHATSAPP_MORE_SESSION_IDS": "second"}


def phone(number: int) -> str:
    return f"+5573999548{number:03d}"


async def retried(shop: Shop) -> object:
    """Return how often a message goes out that WhatsApp refuses each time."""
    shop.messenger.outcomes.extend([Rejected(RejectionKind.TRANSIENT)] * 9)
    await shop.see(shop.order(1))
    await shop.pass_time(minutes=2)
    return len(shop.messenger.sends)


async def leased(shop: Shop) -> object:
    """Return how many rows a worker claims at a time."""
    (worker,) = shop.core.background.workers
    return worker._claim_request(shop.clock.now(), begin=True).limit


async def undoable(shop: Shop) -> object:
    """Return for how long a moved order's message can be undone."""
    order = shop.order(1, status="waiting")
    await shop.core.orders.add(order)
    await shop.core.orders.advance(order.id, "ready")
    row = await shop.message(order, NotificationType.READY)
    return (row.scheduled_at - shop.clock.now()).total_seconds()


async def repeated(shop: Shop) -> object:
    """Return how often a message goes out whose first answer never comes."""
    shop.messenger.lost_acks = 1
    await shop.see(shop.order(1))
    await shop.pass_time(minutes=2)
    return len(shop.messenger.sends)


async def outdated(shop: Shop) -> object:
    """Return the state of a message that has waited for two and a half minutes."""
    await shop.core.queue.pause()
    await shop.see(shop.order(1))
    await shop.pass_time(minutes=2.5)
    return (await shop.message(shop.order(1))).state


async def sent_at_once(shop: Shop) -> object:
    """Return how many of three customers are told without any wait."""
    for number in (1, 2, 3):
        await shop.see(shop.order(number, phone(number)))
    return len(shop.messenger.sends)


async def sent_to_one(shop: Shop) -> object:
    """Return how many of three messages one customer gets within a minute."""
    for number in (1, 2, 3):
        await shop.see(shop.order(number))
    await shop.pass_time(minutes=1)
    return len(shop.messenger.sends)


async def taken_over(shop: Shop) -> object:
    """Return the number that tells a customer whose own number was unlinked."""
    await shop.store.transact(lambda rows: rows.contacts.save(Phone(phone(1)), Contact(SECOND)))
    await shop.messenger.emit(LinkChanged(SECOND, LinkState.CLOSED, 401))
    await shop.see(shop.order(1, phone(1)))
    await shop.pass_time(minutes=1)
    return [send.session_id for send in shop.messenger.sends]


async def marked(shop: Shop) -> object:
    """Return how many replies are marked as read at WhatsApp when their order is opened."""
    await shop.see(shop.order(1))
    await say(shop, "oi")
    await shop.core.inbox.mark_read(shop.order(1).id)
    await let_tasks_run()
    return len(shop.messenger.read_marks)


async def emptied(shop: Shop) -> object:
    """Return the text of a message of twenty days ago after the daily pruning."""
    at = shop.clock.now() - timedelta(days=20)
    old = replace(owed(), created_at=at, changed_at=at, state=State.CANCELLED)
    await shop.store.transact(lambda rows: rows.notifications.add(old))
    await shop.store.transact(lambda rows: rows.retention.date(at, shop.clock.now(), 9))
    await shop.core.background.pruner.prune()
    kept = await shop.store.read(lambda rows: rows.notifications.get(old.id))
    return bool(kept and kept.text)


def signed(variable: str) -> Callable[[Shop], Awaitable[object]]:
    async def probe(shop: Shop) -> object:
        """Return what a message says of the shop."""
        template = MessageTemplate("of a test", NotificationType.READY, f"x{{{{{variable}}}}}")
        return shop.core.templates.render_template(template, shop.order(1))

    return probe


async def unlocked(shop: Shop) -> object:
    """Return who stands at the counter seven minutes after the PIN."""
    await shop.core.access.gate.set_pin("2468")
    await shop.core.access.gate.unlock("2468")
    await shop.pass_time(minutes=7)
    return shop.core.access.gate.actor


async def understood(shop: Shop) -> object:
    """Return the number that a waiter typed without its area."""
    try:
        return shop.core.messages.phone_numbers.parse("99954-8537").text
    except InvalidPhoneError:
        return None


@dataclass(frozen=True)
class Proof:
    """Act whose outcome is `before` with the default, and `after` with the `value`."""

    value: str | int
    probe: Callable[[Shop], Awaitable[object]]
    before: object
    after: object
    given: dict[str, str | int] = field(default_factory=dict)


PROOFS = {
    "NOTIFICATION_RETRY_ATTEMPTS": Proof(0, retried, 4, 1),
    "MESSAGE_QUEUE_BATCH_SIZE": Proof(2, leased, 5, 2, WITHOUT_PACE),
    "UNDO_SECONDS": Proof(9, undoable, 5, 9),
    "IN_DOUBT": Proof("ask", repeated, 2, 1),
    "TIME_TO_LIVE_MINUTES": Proof(1, outdated, State.PENDING, State.SUPPRESSED),
    "PACE_PER_MINUTE": Proof(0, sent_at_once, 1, 3),
    "PACE_PER_CUSTOMER_HOUR": Proof(2, sent_to_one, 3, 2),
    "WHATSAPP_TAKE_OVER": Proof(1, taken_over, [], [MAIN], TWO_NUMBERS),
    "WHATSAPP_READ_RECEIPTS": Proof(0, marked, 1, 0),
    "RETENTION_DAYS": Proof(14, emptied, True, False),
    "AUTO_LOCK_MINUTES": Proof(9, unlocked, Actor.CASHIER, Actor.MANAGER),
    "SHOP_ESTIMATED_TIME": Proof("1 hora", signed("estimatedTime"), "x15 a 20 minutos", "x1 hora"),
    "SHOP_NAME": Proof("Ana", signed("shopName"), "xCoco Loko Açaiteria", "xAna"),
    "SHOP_ADDRESS": Proof("Rua 1", signed("shopAddress"), "x", "xRua 1"),
    "SHOP_PHONE": Proof("73 1", signed("shopPhone"), "x", "x73 1"),
    "SHOP_AREA_CODE": Proof("71", understood, "+5573999548537", "+5571999548537"),
}


def test_every_setting_that_applies_at_once_has_a_proof() -> None:
    at_once = {name for name, spec in SETTINGS.items() if spec.applies is Applies.AT_ONCE}
    assert at_once == PROOFS.keys()


@pytest.mark.parametrize("name", PROOFS)
def test_change_of_each_setting_is_felt_without_a_restart(name: str) -> None:
    proof = PROOFS[name]

    async def outcome(*, changed: bool) -> object:
        store = MemoryStore()
        await store.transact(lambda rows: rows.sessions.save(PAIRED_SECOND))
        async with open_settings_shop(store, environment=proof.given) as shop:
            if changed:
                await shop.core.settings.change(name, proof.value)
            return await proof.probe(shop)

    assert asyncio.run(outcome(changed=False)) == proof.before
    assert asyncio.run(outcome(changed=True)) == proof.after
    assert proof.before != proof.after


def test_waiting_message_goes_sooner_when_the_pace_is_raised() -> None:
    async def story() -> None:
        async with open_settings_shop() as shop:
            await shop.core.settings.change("PACE_PER_MINUTE", 1)
            for number in (1, 2):
                await shop.see(shop.order(number, phone(number)))
            await shop.pass_time(seconds=10)
            assert len(shop.messenger.sends) == 1
            await shop.core.settings.change("PACE_PER_MINUTE", 60)
            await shop.pass_time(seconds=2)
            assert len(shop.messenger.sends) == 2
            assert shop.core.rate_limiters.status(MAIN).per_minute == 60

    asyncio.run(story())


def test_stranded_message_is_taken_over_when_the_shop_allows_it_later() -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.sessions.save(PAIRED_SECOND))
        async with open_settings_shop(store, environment=TWO_NUMBERS) as shop:
            assert await taken_over(shop) == []
            await shop.core.settings.change("WHATSAPP_TAKE_OVER", value=True)
            await let_tasks_run()
            assert [send.session_id for send in shop.messenger.sends] == [MAIN]

    asyncio.run(story())


def test_overruled_change_is_not_felt() -> None:
    async def story() -> None:
        async with open_settings_shop(file={"UNDO_SECONDS": 3}) as shop:
            await shop.core.settings.change("UNDO_SECONDS", 9)
            assert await undoable(shop) == 3

    asyncio.run(story())


def test_opt_out_is_confirmed_under_the_changed_name() -> None:
    async def story() -> None:
        async with open_settings_shop() as shop:
            await shop.core.settings.change("SHOP_NAME", "Açaí da Ana")
            await say(shop, "PARAR")
            await shop.pass_time(minutes=1)
            assert "Açaí da Ana" in shop.messenger.sends[-1].text

    asyncio.run(story())
