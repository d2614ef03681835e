"""Settings of the shop: changed on screen, overruled, kept over a restart, damaged."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from app.domain.errors import ManagerNeededError, SettingRefusedError
from app.domain.events import SettingsChanged
from app.domain.setting_sources import SettingSource
from app.domain.setting_spec import Applies
from app.domain.settings import SETTINGS
from app.services.settings.screen_values import SCREEN_VALUES
from tests.harness.opened_store import open_training_store
from tests.harness.settings_shop import in_settings_shop, open_settings_shop
from tests.harness.shop import Shop
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("D4")


def changes(shop: Shop) -> list[frozenset[str]]:
    return [event.names for event in shop.events if isinstance(event, SettingsChanged)]


async def stored(shop: Shop) -> dict[str, object]:
    kept = await shop.store.read(lambda rows: rows.settings.get(SCREEN_VALUES))
    fields: dict[str, object] = json.loads(kept or "{}")
    return fields


def test_shop_settings_show_every_setting_with_its_default() -> None:
    async def story(shop: Shop) -> None:
        statuses = shop.core.settings.all()
        assert [each.name for each in statuses] == list(SETTINGS)
        assert all(each.value == each.spec.default for each in statuses)
        assert {each.source for each in statuses} == {SettingSource.DEFAULT}

    in_settings_shop(story)


def test_change_is_in_force_at_once_saved_and_published() -> None:
    async def story(shop: Shop) -> None:
        changed = await shop.core.settings.change("UNDO_SECONDS", "9")
        assert (changed.value, changed.source, changed.waits) == (9, SettingSource.SCREEN, False)
        assert shop.core.settings.status("UNDO_SECONDS") == changed
        assert await stored(shop) == {"UNDO_SECONDS": 9}
        assert changes(shop) == [frozenset({"UNDO_SECONDS"})]

    in_settings_shop(story)


def test_reset_puts_the_default_into_force() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.settings.change("UNDO_SECONDS", 9)
        reset = await shop.core.settings.reset("UNDO_SECONDS")
        assert (reset.value, reset.source, reset.screen_value) == (5, SettingSource.DEFAULT, None)
        assert await stored(shop) == {}

    in_settings_shop(story)


@pytest.mark.parametrize("overruler", ["environment", "file"])
def test_overruled_change_is_kept_and_shown_with_its_overruler(overruler: str) -> None:
    async def story(shop: Shop) -> None:
        changed = await shop.core.settings.change("UNDO_SECONDS", 9)
        source = SettingSource.ENVIRONMENT if overruler == "environment" else SettingSource.CONFIG_FILE
        assert (changed.value, changed.source, changed.screen_value) == (7, source, 9)
        assert changed.is_overruled
        assert await stored(shop) == {"UNDO_SECONDS": 9}

    in_settings_shop(story, **{overruler: {"UNDO_SECONDS": 7}})


def test_change_waits_for_the_next_start_when_its_setting_does() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_settings_shop(store) as shop:
            changed = await shop.core.settings.change("WHATSAPP_MORE_SESSION_IDS", "second")
            assert (changed.value, changed.next_value) == ("", "second")
            assert [str(each) for each in shop.core.sessions.ids] == ["main"]
            back = await shop.core.settings.reset("WHATSAPP_MORE_SESSION_IDS")
            assert not back.waits
            await shop.core.settings.change("WHATSAPP_MORE_SESSION_IDS", "second")
        async with open_settings_shop(store) as shop:
            after = shop.core.settings.status("WHATSAPP_MORE_SESSION_IDS")
            assert (after.value, after.source, after.waits) == ("second", SettingSource.SCREEN, False)
            assert [str(each) for each in shop.core.sessions.ids] == ["main", "second"]

    asyncio.run(story())


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize("first", ["main", "balcao"])
def test_first_number_is_refused_among_the_further_ones(first: str) -> None:
    async def story(shop: Shop) -> None:
        for value in (first, f"second,{first}"):
            with pytest.raises(SettingRefusedError) as refusal:
                await shop.core.settings.change("WHATSAPP_MORE_SESSION_IDS", value)
            assert (refusal.value.facts["reason"], refusal.value.facts["value"]) == ("first_number", first)
        assert await stored(shop) == {}
        await shop.core.settings.change("WHATSAPP_MORE_SESSION_IDS", f"{first}-2")

    in_settings_shop(story, environment={"WHATSAPP_SESSION_ID": first})


def test_changed_settings_stay_after_a_restart_on_disk(tmp_path: Path) -> None:
    chosen: dict[str, str | int] = {
        "PACE_PER_MINUTE": 7,
        "SHOP_NAME": "Açaí da Ana",
        "WHATSAPP_TAKE_OVER": True,
    }

    async def story() -> None:
        async with open_settings_shop(open_training_store(tmp_path)) as shop:
            for name, value in chosen.items():
                await shop.core.settings.change(name, value)
        async with open_settings_shop(open_training_store(tmp_path)) as shop:
            assert {name: shop.core.settings.status(name).value for name in chosen} == chosen

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("UNDO_SECONDS", 31, None),
        ("UNDO_SECONDS", "x" * 900, None),
        ("IN_DOUBT", "maybe", None),
        ("SHOP_NAME", "\u200b", None),
        ("SHOP_NAME", "\ud800", None),
        ("WHATSAPP_TAKE_OVER", None, None),
        ("WHATSAPP_SESSION_ID", "other", "not_on_screen"),
        ("WHATSAPP_WEBHOOK_SECRET", "s" * 40, "not_on_screen"),
        ("COLOR", "red", "unknown"),
    ],
)
def test_change_is_refused_with_what_is_allowed(name: str, value: object, reason: str | None) -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(SettingRefusedError) as refusal:
            await shop.core.settings.change(name, value)
        facts = refusal.value.facts
        assert (facts["name"], facts.get("reason")) == (name, reason)
        assert len(str(facts["value"])) <= 60
        assert reason == "unknown" or facts["allowed"]
        assert (await stored(shop), changes(shop)) == ({}, [])

    in_settings_shop(story)


def test_change_is_refused_for_a_number_without_measure() -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(SettingRefusedError) as refusal:
            await shop.core.settings.change("UNDO_SECONDS", 10**5000)
        assert refusal.value.facts["value"] == "…"

    in_settings_shop(story)


@pytest.mark.requirement("X5")
def test_change_and_reset_are_refused_to_the_cashier() -> None:
    async def story(shop: Shop) -> None:
        await shop.core.settings.change("UNDO_SECONDS", 9)
        await shop.core.access.gate.set_pin("2468")
        for act in (shop.core.settings.change("UNDO_SECONDS", 1), shop.core.settings.reset("UNDO_SECONDS")):
            with pytest.raises(ManagerNeededError):
                await act
        assert shop.core.settings.status("UNDO_SECONDS").value == 9

    in_settings_shop(story)


def test_changes_at_the_same_time_are_all_kept() -> None:
    wanted: dict[str, str | int] = {"UNDO_SECONDS": 9, "PACE_PER_MINUTE": 8, "RETENTION_DAYS": 50}

    async def story(shop: Shop) -> None:
        await asyncio.gather(*(shop.core.settings.change(name, value) for name, value in wanted.items()))
        assert {name: shop.core.settings.status(name).value for name in wanted} == wanted
        assert await stored(shop) == wanted

    in_settings_shop(story)


def test_damaged_field_loses_itself_alone(caplog: pytest.LogCaptureFixture) -> None:
    kept = {"UNDO_SECONDS": 900, "PACE_PER_MINUTE": 8, "OF_A_LATER_PROGRAM": [1], "SHOP_NAME": None}

    async def story() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.settings.set(SCREEN_VALUES, json.dumps(kept)))
        with caplog.at_level(logging.WARNING):
            async with open_settings_shop(store) as shop:
                values = [
                    shop.core.settings.status(name).value for name in ("UNDO_SECONDS", "PACE_PER_MINUTE")
                ]
                assert values == [5, 8]
                await shop.core.settings.change("UNDO_SECONDS", 6)
                assert await stored(shop) == {**kept, "UNDO_SECONDS": 6}

    asyncio.run(story())
    said = {each.__dict__["field"] for each in caplog.records if each.message == "setting_unreadable"}
    assert said == {"UNDO_SECONDS", "SHOP_NAME"}


@pytest.mark.parametrize("kept", ["{", "[]", "null", "7", "[" * 100_000, '"x"'])
def test_damaged_row_counts_as_none_and_is_replaced(kept: str) -> None:
    async def story() -> None:
        store = MemoryStore()
        await store.transact(lambda rows: rows.settings.set(SCREEN_VALUES, kept))
        async with open_settings_shop(store) as shop:
            assert shop.core.settings.status("UNDO_SECONDS").value == 5
            await shop.core.settings.change("UNDO_SECONDS", 6)
            assert await stored(shop) == {"UNDO_SECONDS": 6}

    asyncio.run(story())


def test_stored_value_of_a_setting_without_a_screen_is_ignored() -> None:
    async def story() -> None:
        store = MemoryStore()
        kept = json.dumps({"WHATSAPP_SESSION_ID": "other", "WHATSAPP_WEBHOOK_SECRET": "s" * 40})
        await store.transact(lambda rows: rows.settings.set(SCREEN_VALUES, kept))
        async with open_settings_shop(store) as shop:
            assert shop.core.settings.status("WHATSAPP_SESSION_ID").value == "main"
            assert shop.core.settings.status("WHATSAPP_WEBHOOK_SECRET").value == ""

    asyncio.run(story())


def test_settings_that_wait_for_the_next_start_are_those_of_the_connection() -> None:
    waiting = {name for name, spec in SETTINGS.items() if spec.applies is Applies.AT_NEXT_START}
    assert all(name.startswith(("WHATSAPP_", "CONNECTION_")) for name in waiting)
