"""A customer scans an order's code and writes first: over the real sidecar and the database on disk."""

import asyncio
import signal
import sys
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from app.domain.claim_text import claim_text
from app.domain.lid import Address
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.rate_limit import HoldReason
from app.ports.paper import PaperKind, RollWidth
from tests.harness.real_shop import RealShopHarness, open_real_shop
from tests.harness.running_app import ROOT
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
ANA, RUI = Phone("+5573999548537"), Phone("+5573988887777")


async def scanned(shop: RealShopHarness, order: Order) -> str:
    """What WhatsApp types in once the camera has read the order's receipt."""
    strip = await shop.core.invitations.receipt(order.id, RollWidth.NARROW, PaperKind.PNG)
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(strip)).convert("L"))
    link = urlsplit(code.text)
    assert (link.netloc, link.path) == ("wa.me", f"/{SHOP[1:]}")
    return parse_qs(link.query)["text"][0]


async def locked(shop: RealShopHarness) -> bool:
    (gauge,) = shop.core.rate_limiters.statuses()
    return gauge.held_until(HoldReason.COLD_LOCK) is not None


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_order_without_phone_is_told_in_a_time_lock_once_code_is_scanned(
    tmp_path: Path, named_by: str
) -> None:
    async def story() -> None:
        people = ({"number": ANA.number}, {"number": RUI.number})
        async with simulated_whatsapp(*people) as whatsapp, open_real_shop(tmp_path, whatsapp) as shop:
            await whatsapp.options(messages_as=named_by)
            await whatsapp.lock_out_strangers(active=True, notify=True)
            await wait_until(lambda: locked(shop))
            of_rui, of_ana = await shop.tell(6, RUI), await shop.order_without_phone(7)
            hold = await shop.core.rate_limiters.hold_of(await shop.message(of_rui))
            assert hold
            assert hold.reason is HoldReason.COLD_LOCK
            await whatsapp.write(ANA.number, text=await scanned(shop, of_ana))
            told = await shop.until_state(of_ana, State.READ)
            assert (told.attempts, told.phone) == (1, ANA)
            (bubble,) = await whatsapp.shown_to(ANA.number)
            assert bubble["shown"] == 1
            assert (await shop.message(of_rui)).state is State.PENDING
            await whatsapp.write(RUI.number, text=await scanned(shop, of_rui))
            await shop.until_state(of_rui, State.READ)
            consents = [await consented(shop, order) for order in (of_ana, of_rui)]
            assert consents == [[(ANA, claim_text(7))], [(RUI, claim_text(6))]]

    asyncio.run(story())


async def consented(shop: RealShopHarness, order: Order) -> list[tuple[Address, str]]:
    kept = await shop.core.background.store.read(lambda rows: rows.consents.of_order(order.id))
    return [(each.phone, each.wording) for each in kept]


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("named_by", ["pn", "lid"])
def test_refused_first_contact_is_told_once_its_customer_scanned_the_code(
    tmp_path: Path, named_by: str
) -> None:
    async def story() -> None:
        async with (
            simulated_whatsapp({"number": ANA.number}) as whatsapp,
            open_real_shop(tmp_path, whatsapp) as shop,
        ):
            await whatsapp.options(messages_as=named_by)
            await whatsapp.lock_out_strangers(active=True)
            order = await shop.tell(7, ANA)
            refused = await shop.until_state(order, State.FAILED)
            assert refused.reason == "restricted:463"
            await whatsapp.write(ANA.number, text=await scanned(shop, order))
            told = await shop.until_state(order, State.READ)
            assert told.message_id == refused.message_id
            (bubble,) = await whatsapp.shown_to(ANA.number)
            assert bubble["shown"] == 1

    asyncio.run(story())


@pytest.mark.requirement("Q4")
@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_program_killed_between_commit_and_answer_repeats_nothing(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        async with simulated_whatsapp({"number": ANA.number}) as whatsapp:
            await whatsapp.lock_out_strangers(active=True)
            await killed_while_it_hears(tmp_path, whatsapp)
            assert await whatsapp.shown_to(ANA.number) == []
            async with open_real_shop(tmp_path, whatsapp) as shop:
                (order,) = await shop.core.board.latest(5)
                assert order.customer_phone == ANA.number
                await shop.until_state(order, State.READ)
                await shop.core.inbox.answer(order.id, "Já vai!")
                await wait_until(lambda: has_shown(whatsapp, 2))
                assert [bubble["shown"] for bubble in await whatsapp.shown_to(ANA.number)] == [1, 1]
                assert await consented(shop, order) == [(ANA, claim_text(7))]
                replies = (await shop.core.inbox.exchange(order.id)).replies
                assert [reply.text for reply in replies] == [claim_text(7)]
                assert len(await shop.core.board.notifications([order.id])) == 2

    asyncio.run(story())


async def killed_while_it_hears(folder: Path, whatsapp: SimulatedWhatsApp) -> None:
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.harness.killed_after_inbound", str(folder), whatsapp.url),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        assert child.stdout
        assert await child.stdout.readline() == b"open\n"
        await whatsapp.write(ANA.number, text=claim_text(7))
        assert await child.wait() == -signal.SIGKILL
    finally:
        if child.returncode is None:
            child.kill()


async def has_shown(whatsapp: SimulatedWhatsApp, count: int) -> bool:
    return len(await whatsapp.shown_to(ANA.number)) >= count
