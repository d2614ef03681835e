"""Whole shop in memory whose settings are those of the product: given, chosen on screen, live."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from app.adapters.phone_numbers.typed_numbers import TypedNumbers
from app.bootstrap.service_config import live_config, service_config
from app.domain.setting_sources import SettingSource, SettingSources, SourcedValue
from app.domain.settings import Settings
from app.ports.store import Store
from app.services.runtime.dependencies import ServiceConfig
from app.services.runtime.live_config import LiveConfig
from tests.harness.shop import TRUSTING, Shop, open_shop
from tests.simulators.memory_store import MemoryStore


@asynccontextmanager
async def open_settings_shop(
    store: Store | None = None,
    environment: Mapping[str, str | int] | None = None,
    file: Mapping[str, str | int] | None = None,
    **others: Any,
) -> AsyncIterator[Shop]:
    """Open a shop as the product does: values of environment and file, then those in the store."""
    store = store or MemoryStore()
    given = _given(environment or {}, file or {})
    sources = (await live_config(store, given, keeps_pace=True)).sources
    config = LiveConfig(sources, _patient)
    numbers = TypedNumbers(config.area_code)
    async with open_shop(store=store, live=config, phone_numbers=numbers, **others) as shop:
        yield shop


def live_settings(
    environment: Mapping[str, str | int] | None = None,
    file: Mapping[str, str | int] | None = None,
    screen: Mapping[str, str | int] | None = None,
) -> LiveConfig:
    """Return the product's configuration with these values."""
    return LiveConfig(SettingSources(_given(environment or {}, file or {}), screen or {}), _patient)


def in_settings_shop(story: Callable[[Shop], Awaitable[None]], **choices: Any) -> None:
    """Run one story in a fresh shop of `open_settings_shop`."""

    async def day() -> None:
        async with open_settings_shop(**choices) as shop:
            await story(shop)

    asyncio.run(day())


def _given(environment: Mapping[str, str | int], file: Mapping[str, str | int]) -> dict[str, SourcedValue]:
    return {name: SourcedValue(value, SettingSource.CONFIG_FILE) for name, value in file.items()} | {
        name: SourcedValue(value, SettingSource.ENVIRONMENT) for name, value in environment.items()
    }


def _patient(settings: Settings) -> ServiceConfig:
    """Return the product's configuration, but with few questions for a sign of life."""
    return replace(service_config(settings, keeps_pace=True), liveness=TRUSTING)
