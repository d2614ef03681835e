"""While it is in doubt whether a customer was told, both sides write: nothing is lost, twice, or out of order."""

import asyncio
from pathlib import Path

import pytest

from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from tests.harness.absence import come_back, leave, phones_off
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("Q4", "Q2", "C4")]
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")


async def asked_about(shop: RealShopHarness, order: Order) -> bool:
    replies = (await shop.core.inbox.exchange(order.id)).replies
    return [reply.text for reply in replies] == ["já posso buscar?"]


async def all_shown(whatsapp: SimulatedWhatsApp) -> bool:
    return len(await whatsapp.shown_to(ANA.number)) == 3


async def arrived(whatsapp: SimulatedWhatsApp, messages: int) -> bool:
    return len(await whatsapp.on_the_wire()) == messages


def test_answer_typed_during_a_doubt_follows_it_and_no_reply_is_lost(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        people = ({"number": ANA.number}, {"number": RUI.number})
        async with simulated_whatsapp(*people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            await shop.told(1, ANA)
            await phones_off(whatsapp, ANA.number)
            await whatsapp.fault("lose_ack", number=ANA.number)
            doubtful = await shop.tell(2, ANA)
            # Before that, the lost acknowledgement would still be to come, and take the repeat's.
            await wait_until(lambda: arrived(whatsapp, 2))
            await leave(shop)
            doubt = await shop.until_state(doubtful, State.IN_DOUBT)
            await whatsapp.write(ANA.number, text="já posso buscar?", id="ASKED")
            answered = await shop.core.inbox.answer(doubtful.id, "Pode sim!")
            assert answered.success
            await come_back(shop)
            await shop.told(3, RUI)
            await wait_until(lambda: asked_about(shop, doubtful))
            again = await shop.until_state(doubtful, State.SENT)
            assert (again.repeats, again.message_id) == (1, doubt.message_id)
            await phones_off(whatsapp, ANA.number, off=False)
            await shop.until_state(doubtful, State.READ)
            await wait_until(lambda: all_shown(whatsapp))
            bubbles = (await whatsapp.shown_to(ANA.number))[1:]
            once = [(doubt.message_id, 1), (answered.message_id, 1)]
            assert [(each["id"], each["shown"]) for each in bubbles] == once
            assert bubbles[-1]["text"] == "Pode sim!"
            on_the_wire = {each["id"]: each["times"] for each in await whatsapp.on_the_wire()}
            assert (on_the_wire[doubt.message_id], on_the_wire[str(answered.message_id)]) == (2, 1)

    asyncio.run(story())
