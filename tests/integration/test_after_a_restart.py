"""What phones say and ask while the program is closed reaches it afterwards, over the real sidecar."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.notification import State
from app.domain.phone import Phone
from tests.harness.real_shop import RealShopHarness, logged, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ANA = Phone("+5573999548537")
COMPANION = 7


async def switched(whatsapp: SimulatedWhatsApp, *, on: bool) -> None:
    await whatsapp.admin.post("contacts", contacts=[{"number": ANA.number, "online": on}])


async def receipts(whatsapp: SimulatedWhatsApp) -> int:
    return int((await whatsapp.admin.get("stats"))["receipts"])


async def shown_to_companion(whatsapp: SimulatedWhatsApp) -> list[str]:
    found = await whatsapp.admin.get(f"inbox?number=%2B{ANA.number[1:]}&device={COMPANION}")
    return [str(bubble["text"]) for bubble in found["messages"]]


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_marks_that_came_while_the_program_was_closed_stand_on_the_order(
    tmp_path: Path, named_by: str
) -> None:
    async def story() -> None:
        async with simulated_whatsapp({"number": ANA.number, "online": False}) as whatsapp:
            await whatsapp.admin.post("options", receipts_as=named_by)
            async with open_real_shop(tmp_path, whatsapp) as shop:
                orders = [await shop.tell(number, ANA) for number in (1, 2)]
                for order in orders:
                    await shop.until_state(order, State.SENT)
            before = await receipts(whatsapp)
            await switched(whatsapp, on=True)
            await wait_until(lambda: _more_receipts(whatsapp, before + 4))
            async with open_real_shop(tmp_path, whatsapp) as shop:
                for order in orders:
                    row = await shop.until_state(order, State.READ)
                    assert row.sent_at and row.delivered_at and row.read_at  # noqa: PT018 - one fact
                    assert row.sent_at <= row.delivered_at + timedelta(seconds=1)
            async with open_real_shop(tmp_path, whatsapp) as shop:
                assert {(await shop.message(order)).state for order in orders} == {State.READ}

    asyncio.run(story())


async def _more_receipts(whatsapp: SimulatedWhatsApp, count: int) -> bool:
    return await receipts(whatsapp) >= count


async def asked_again_while_closed(folder: Path, whatsapp: SimulatedWhatsApp) -> str:
    """A text that all devices of the customer read but one, which has asked for it since; returns the text."""
    async with open_real_shop(folder, whatsapp) as shop:
        order = await shop.tell(1, ANA)
        await shop.until_state(order, State.SENT)
        text = (await shop.message(order)).text
    await whatsapp.fault("lose_session", number=ANA.number, device=COMPANION)
    before = await receipts(whatsapp)
    await switched(whatsapp, on=True)
    # Seven devices deliver, the phone reads, and the eighth asks again.
    await wait_until(lambda: _more_receipts(whatsapp, before + COMPANION + 2))
    assert await shown_to_companion(whatsapp) == []
    return text


@pytest.mark.requirement("S7")
@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_retry_request_after_a_restart_gives_the_text_to_its_companion(tmp_path: Path, named_by: str) -> None:
    customer = {"number": ANA.number, "companions": COMPANION, "online": False, "mode": "strict"}

    async def story() -> None:
        async with simulated_whatsapp(customer) as whatsapp:
            await whatsapp.admin.post("options", receipts_as=named_by)
            text = await asked_again_while_closed(tmp_path, whatsapp)
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await wait_until(lambda: _shown(whatsapp, [text]))
                await shop.told(2, ANA)
            (first, _) = await whatsapp.shown_to(ANA.number)
            assert (first["text"], first["shown"]) == (text, 1)
        assert text not in (tmp_path / "logs" / "balcao.log").read_text(encoding="utf-8")

    asyncio.run(story())


async def _shown(whatsapp: SimulatedWhatsApp, texts: list[str]) -> bool:
    return await shown_to_companion(whatsapp) == texts


async def emptied(shop: RealShopHarness) -> None:
    """As if the retention period of everything were over."""
    now = shop.core.clock.now()
    later = now + timedelta(days=1)
    await shop.core.background.store.transact(lambda rows: rows.retention.date(now, later, 50))
    assert await shop.core.background.store.transact(lambda rows: rows.retention.empty(later, later, 50)) > 0


@pytest.mark.requirement("S7")
@pytest.mark.requirement("X6")
def test_text_emptied_by_retention_is_not_sent_again_and_that_is_logged(tmp_path: Path) -> None:
    customer = {"number": ANA.number, "companions": COMPANION, "online": False}

    async def story() -> None:
        async with simulated_whatsapp(customer) as whatsapp:
            async with open_real_shop(tmp_path, whatsapp) as shop:
                order = await shop.tell(1, ANA)
                await shop.until_state(order, State.SENT)
                await emptied(shop)
            await whatsapp.fault("lose_session", number=ANA.number, device=COMPANION)
            before = await receipts(whatsapp)
            await switched(whatsapp, on=True)
            await wait_until(lambda: _more_receipts(whatsapp, before + COMPANION + 2))
            sent = (await whatsapp.admin.get("stats"))["messages"]
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.told(2, ANA)
            assert (await whatsapp.admin.get("stats"))["messages"] == sent + 1
            assert len(await shown_to_companion(whatsapp)) == 1
        assert [entry["emptied"] for entry in logged(tmp_path, "asked_again_without_text")] == [True]

    asyncio.run(story())
