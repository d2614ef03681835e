"""Scenes of customers whose number WhatsApp hides."""

from dataclasses import replace
from itertools import count

from app.domain.claim_text import claim_text
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.ports.inbound import Inbound
from app.ui.orders.orders_page import OrdersPage
from tests.gui.screens.orders_scenes import full
from tests.gui.screens.stage import Stage
from tests.harness.shop import MAIN

_ids = count()


async def claimed(stage: Stage) -> None:
    """Show an order without a phone that a customer with a username claimed."""
    await _without_phone(stage)
    await _wrote(stage, claim_text(140), "Pode pôr granola à parte?", username="bia.rocha")


async def claimed_without_name(stage: Stage) -> None:
    """Show the same of a customer without a username."""
    await _without_phone(stage)
    await _wrote(stage, claim_text(140))


async def asking(stage: Stage) -> None:
    """Show an order with a number that a customer without a visible one claims."""
    await full(stage)
    await _wrote(stage, claim_text(122), username="bia.rocha")
    stage.find(OrdersPage).jump(122)
    await stage.settle()


async def _without_phone(stage: Stage) -> None:
    await full(stage)
    await stage.shop.see(replace(stage.shop.order(140, phone=""), customer_name="Bia Rocha"))
    await stage.settle()
    stage.find(OrdersPage).jump(140)
    await stage.settle()


async def _wrote(stage: Stage, *texts: str, username: str | None = None) -> None:
    for text in texts:
        at, named = stage.shop.clock.now(), MessageId(f"3AHID{next(_ids)}")
        said = Inbound(
            MAIN,
            named,
            None,
            "text",
            text,
            at,
            live=True,
            lid=Lid("4711@lid"),
            jid="4711@lid",
            username=username,
        )
        await stage.shop.messenger.emit(said)
        await stage.settle()
