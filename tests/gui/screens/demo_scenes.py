"""Scenes of a training: the customers' phones."""

from datetime import timedelta

from app.ports.training import ChatMessage, SimulatedPhone
from app.ui.demo.customers_dock import CustomersDock
from app.ui.demo.training_pages import add_training
from tests.gui.screens.afternoon import live_through
from tests.gui.screens.stage import Stage
from tests.simulators.imagined_world import ImaginedWorld

_PAID = (
    "*Coco Loko Açaiteria*\nOi, {name}! Recebemos o pagamento do pedido *#{number}*. 💜\n\n"
    "2× Açaí 700 ml na tigela com frutas\n1× Água de coco\n\nTotal: *R$ 1.234,50*"
)
_READY = "Seu pedido *#{number}* está _pronto_! Pode buscar no balcão. 🥥"
_NAMES = (
    "Maria Clara Souza Brandão de Albuquerque",
    "João Silva",
    "Íris D'Ávila",
    "Ruan Ramos 🌴",
    "Zé",
    "Ana Pereira dos Santos",
    "Otávio Conceição",
    "Bia Nascimento",
    "Caetano",
)


async def phones(stage: Stage) -> None:
    await live_through(stage)
    world = ImaginedWorld(stage.shop.clock, _customers(stage))
    add_training(stage.window, stage.context, world, 0)
    await stage.settle()


async def chat(stage: Stage) -> None:
    await phones(stage)
    stage.find(CustomersDock).open_phone("+5573988000001")


def _customers(stage: Stage) -> list[SimulatedPhone]:
    now = stage.shop.clock.now()
    customers = []
    for at, name in enumerate(_NAMES):
        texts = [(_PAID, True), ("Posso buscar em 10 minutos?\n*ok?*", False), (_READY, True)]
        messages = [
            ChatMessage(
                text.format(name=name.split()[0], number=101 + at),
                shop,
                now - timedelta(minutes=3 * at + 6 - 2 * n),
            )
            for n, (text, shop) in enumerate(texts[: 0 if at > 7 else 3 if at % 3 == 1 else 1 + at % 2])
        ]
        customers.append(SimulatedPhone(f"+557398800{at:04d}", name, messages))
    return customers
