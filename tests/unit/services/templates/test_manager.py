"""Template manager: the wording in force when the stored one is damaged."""

import asyncio
from dataclasses import replace

import pytest

from app.domain.order import NotificationType
from app.domain.template import MessageTemplate
from app.services.event_bus import EventBus
from app.services.templates.manager import MessageTemplateManager
from app.services.templates.pickup_offer import PickupOffer
from app.services.templates.values import ShopProfile
from tests.harness.access import open_access
from tests.simulators.memory_store import MemoryStore

READY = MessageTemplate("ready", NotificationType.READY, "Pedido #{{orderNumber}} pronto")
OWN = MessageTemplate("own", NotificationType.CUSTOM, "{{customMessage}}")


async def _loaded(*kept: MessageTemplate) -> MessageTemplateManager:
    store = MemoryStore()
    for each in kept:
        await store.transact(lambda rows, each=each: rows.templates.save(each))  # type: ignore[misc]
    access = await open_access(store)
    offer = PickupOffer(store, EventBus(), "1 ou 9?", access.gate)
    manager = MessageTemplateManager(store, (READY,), ShopProfile, offer, access.gate)
    await manager.load()
    return manager


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("content", ["Pedido #{{orderNumber pronto", "", "{{orderNumbes}}"])
def test_load_puts_the_shipped_wording_in_place_of_a_damaged_one(content: str) -> None:
    manager = asyncio.run(_loaded(replace(READY, content=content)))
    assert manager.get_template(NotificationType.READY) == READY


def test_load_keeps_a_damaged_wording_of_which_none_is_shipped() -> None:
    damaged = replace(OWN, content="{{")
    manager = asyncio.run(_loaded(damaged, replace(READY, content="Pronto!")))
    assert manager.get_template(NotificationType.CUSTOM) == damaged
    assert manager.get_template(NotificationType.READY).content == "Pronto!"
