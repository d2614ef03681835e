"""Stored settings of a later version or a damaged disk: ignored or defaulted."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.domain.notification import State
from app.domain.restriction import NewChats
from app.ports.retention import ERASING
from app.ports.store import Rows, Store
from app.services.clock.clock_epoch import CLOCK_EPOCH
from app.services.clock.trusted_time import TRUSTED_TIME
from app.services.connection.client_version import ClientVersionMemory
from app.services.orders.order_watcher import KNOWN_SINCE
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot, load_provider_limits
from app.services.runtime.restore_detector import CONFIRMED, INCARNATION, RESTORED_MARK
from app.services.settings.screen_values import SCREEN_VALUES
from app.services.settings.session_names import SESSION_NAMES
from app.services.storage.stored_settings import (
    read_count,
    read_fields,
    read_flag,
    read_moment,
    read_text,
    replace_field,
)
from tests.contracts.asked_store import MAIN, NOW, Asked
from tests.harness.opened_store import open_training_store
from tests.harness.shop import Shop, open_shop
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

VERSION, RESTRAINT = "whatsapp_client_version", "restraint:main"
CLOCKS = {TRUSTED_TIME, CLOCK_EPOCH, INCARNATION, CONFIRMED}
KNOWN = CLOCKS | {
    "queue_paused",
    KNOWN_SINCE,
    "version",
    RESTORED_MARK,
    ERASING,
    VERSION,
    RESTRAINT,
    "key_place",
    "linked_number:main",
    SCREEN_VALUES,
    SESSION_NAMES,
    "audit_head",
}
LATER = json.dumps({"cooled": 1, "something_new": None, "cool_until": {"at": 5}, "new_chats": ["?"]})
GARBAGE = [
    LATER,
    "?",
    "null",
    "[]",
    "\x00\ufffd",
    "[" * 100_000,
    "9" * 5000,
    '{"cooled": "often", "refused": -1, "told": "yes", "by_word": 1, "capped_until": "tomorrow"}',
    '{"locked_until": "2026-01-10T18:00:00", "told": true}',
    '{"cooled": true, "cool_until": 7, "new_chats": {"used": 1, "total": null, "until": null}}',
    '{"new_chats": {"used": 1}}',
    json.dumps({"at": "9999-12-31T23:59:59+00:00", "proven": True, "exact": True, "dated": None, "skew": 0}),
    json.dumps({"at": NOW.isoformat(), "proven": True, "exact": True, "dated": None, "skew": 1e300}),
    json.dumps(
        {"boot": "boot", "at_boot": "9999-12-31T23:59:59+00:00", "began": NOW.isoformat(), "elapsed": 0}
    ),
]


async def settle(shop: Shop) -> None:
    """Let time pass on a store with threads of its own: each turn ends with what they have answered."""
    for _ in range(40):
        await shop.clock.advance(timedelta(seconds=1))
        await shop.store.transact(lambda _: None)
        await shop.store.read(lambda _: None)


async def starts_and_tells(store: Store, clock: MovedClock, number: int) -> None:
    async with open_shop(store=store, clock=clock, seed=number) as shop:
        order = shop.order(number, phone=f"+55739995{number:05d}")
        await shop.see(order)
        await settle(shop)
        assert (await shop.message(order)).state is State.SENT
        await shop.core.background.pruner.prune()


def keep(name: str, value: str, rows: Rows) -> None:
    rows.settings.set(name, value)


def reopened(folder: Path | None) -> Callable[[], Store]:
    kept = MemoryStore()
    return lambda: open_training_store(folder) if folder else kept


@pytest.mark.parametrize("name", sorted(KNOWN))
@pytest.mark.parametrize("on_disk", [False, True], ids=["memory", "sqlite"])
def test_shop_starts_and_tells_when_a_setting_is_garbage(name: str, tmp_path: Path, *, on_disk: bool) -> None:
    open_store = reopened(tmp_path if on_disk else None)
    clock = MovedClock()

    async def story() -> None:
        for number, garbage in enumerate(GARBAGE[:2] if on_disk else GARBAGE, start=1):
            store = open_store()
            await store.transact(partial(keep, name, garbage))
            if on_disk:
                await store.close()
                store = open_store()
            await starts_and_tells(store, clock, number)

    asyncio.run(story())


def test_every_setting_that_a_shop_keeps_is_among_those_that_are_tried() -> None:
    """One that is new must be read with the same care."""
    store = MemoryStore()

    async def story() -> None:
        async with open_shop(store=store) as shop:
            shop.messenger.client_version = "2.3000.1"
            await shop.core.watcher.catch_up([])
            await shop.core.queue.pause()
            await shop.pass_time(minutes=3)
            await shop.core.background.pruner.prune()
            await shop.core.settings.change("UNDO_SECONDS", 9)
            await shop.core.settings.session_names.rename(MAIN, "Balcão")

    asyncio.run(story())
    assert set(store._tables.settings) <= KNOWN


def test_a_restraint_is_read_field_by_field(caplog: pytest.LogCaptureFixture) -> None:
    asked = Asked(MemoryStore())
    until = NOW + timedelta(hours=1)
    words: dict[str, Any] = {
        "cooled": 3,
        "refused": "many",
        "told": True,
        "locked_until": until.isoformat(),
        "capped_until": "soon",
        "new_chats": {"used": 4, "total": 9, "until": None, "of": "a later program"},
        "something_new": 1,
    }
    asked.transact(lambda rows: rows.settings.set(RESTRAINT, json.dumps(words)))
    with caplog.at_level(logging.WARNING):
        kept = asked.read(lambda rows: load_provider_limits(rows, MAIN))
    assert kept == ProviderLimitsSnapshot(cooled=3, told=True, locked_until=until, new_chats=NewChats(4, 9))
    said = [(each.message, each.__dict__["setting"], each.__dict__["field"]) for each in caplog.records]
    assert said == [("setting_unreadable", RESTRAINT, field) for field in ("refused", "capped_until")]


def test_a_restraint_holds_for_a_year_at_most() -> None:
    far = NOW + timedelta(days=40_000)
    kept = ProviderLimitsSnapshot(told=True, locked_until=far, capped_until=far)
    assert kept.lock_left(NOW) == kept.cap_left(NOW) == timedelta(days=366)


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (read_count, [True, -1, 1.5, "1", None, 10**7]),
        (read_flag, [1, 0, "yes", None]),
        (read_moment, ["", 7, "2026-01-10T18:00:00", "yesterday"]),
    ],
)
def test_a_field_of_another_kind_is_left_out(read: Callable[[object], object], wrong: list[object]) -> None:
    for value in wrong:
        assert read_fields("x", json.dumps({"field": value}), {"field": read}) == {}


@pytest.mark.parametrize("kept", [r'{"old": "\ud800"}', r'{"\ud800": 1}'])
def test_field_is_replaced_beside_half_of_a_surrogate_pair(kept: str) -> None:
    replaced = replace_field(kept, "field", "açaí")
    assert read_fields("x", replaced, {"field": read_text}) == {"field": "açaí"}
    replaced.encode()


@pytest.mark.parametrize("kept", [None, "", "3", "{", '"text"'])
def test_what_is_no_object_has_no_fields(kept: str | None) -> None:
    assert read_fields("x", kept, {"field": read_count}) == {}


@pytest.mark.parametrize(
    ("kept", "known"),
    [("2.3000.1027934701", "2.3000.1027934701"), ("2.3000", None), ("v3", None), ("", None), (None, None)],
)
def test_a_client_version_of_another_form_is_not_handed_to_the_sidecar(
    kept: str | None, known: str | None
) -> None:
    """It would refuse every connection, and so no better one could ever be learnt."""
    store = MemoryStore()

    async def story() -> None:
        if kept is not None:
            await store.transact(lambda rows: rows.settings.set(VERSION, kept))
        choice: Mapping[str, object] = asdict(await ClientVersionMemory(store).choice())
        assert choice == {"exact": None, "known": known, "look_up": False}

    asyncio.run(story())
