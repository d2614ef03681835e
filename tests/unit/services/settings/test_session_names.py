"""Names of the shop's numbers: kept, removed, refused, damaged."""

import asyncio
import json

import pytest

from app.domain.errors import SettingRefusedError
from app.domain.events import SettingsChanged
from app.domain.identifiers import SessionId
from app.services.settings.session_names import SESSION_NAMES
from tests.harness.shop import MAIN, Shop, in_shop, open_shop
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("Q9")


def test_number_has_no_name_until_it_is_renamed() -> None:
    async def story() -> None:
        store = MemoryStore()
        async with open_shop(store=store) as shop:
            names = shop.core.settings.session_names
            assert names.name_of(MAIN) is None
            await names.rename(MAIN, " Balcão ")
            assert names.name_of(MAIN) == "Balcão"
            assert SettingsChanged(frozenset({SESSION_NAMES})) in shop.events
        async with open_shop(store=store) as shop:
            names = shop.core.settings.session_names
            assert names.name_of(MAIN) == "Balcão"
            await names.rename(MAIN, None)
            assert names.name_of(MAIN) is None

    asyncio.run(story())


@pytest.mark.parametrize("name", ["", " ", "\u200b", "x" * 41, "\ud800"])
def test_name_is_refused_when_it_cannot_be_seen_or_is_too_long(name: str) -> None:
    async def story(shop: Shop) -> None:
        with pytest.raises(SettingRefusedError) as refusal:
            await shop.core.settings.session_names.rename(MAIN, name)
        assert refusal.value.facts["allowed"] == "1 a 40 caracteres"
        assert shop.core.settings.session_names.name_of(MAIN) is None

    in_shop(story)


def test_damaged_name_is_left_out_and_the_others_stay() -> None:
    async def story() -> None:
        store, away = MemoryStore(), SessionId("away")
        kept = json.dumps({MAIN: 7, away: "Entrega"})
        await store.transact(lambda rows: rows.settings.set(SESSION_NAMES, kept))
        async with open_shop(store=store) as shop:
            names = shop.core.settings.session_names
            assert (names.name_of(MAIN), names.name_of(away)) == (None, None)
            await names.rename(MAIN, "Balcão")
        row = await store.read(lambda rows: rows.settings.get(SESSION_NAMES))
        assert json.loads(row or "") == {MAIN: "Balcão", away: "Entrega"}

    asyncio.run(story())
