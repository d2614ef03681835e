"""Sealed sessions that do not open, and databases that are older than WhatsApp knows, over the real sidecar."""

import asyncio
import shutil
from pathlib import Path

import pytest

from app.bootstrap.database import DATABASE
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.session import CREDENTIALS_UNREADABLE, ConnectionState
from app.services.notifications.restore_recovery import RESTORED
from tests.harness.real_shop import RealShopHarness, in_database, logged, open_real_shop, start_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
ANA, RUI, EVA = Phone("+5573999548537"), Phone("+5573988887777"), Phone("+5573977776666")
# Phones that show a repeated message twice: whatever comes again is seen.
STRICT = tuple({"number": phone.number, "mode": "strict"} for phone in (ANA, RUI, EVA))
RATCHETS = "SELECT key_id, value FROM whatsapp_session_keys WHERE type = 'session'"


async def bubbles(whatsapp: SimulatedWhatsApp, *phones: Phone) -> list[list[int]]:
    """How often each message is shown, phone by phone."""
    return [[int(each["shown"]) for each in await whatsapp.shown_to(phone.number)] for phone in phones]


def names_anybody(folder: Path) -> bool:
    """Whether the log holds a customer's number or name, or any of the sealed values (X4)."""
    log = (folder / "logs" / "balcao.log").read_text(encoding="utf-8")
    sealed = [value.hex()[:16] for _, value in in_database(folder, RATCHETS)]
    return any(word in log for word in ("Araújo", *(phone.number[5:] for phone in (ANA, RUI, EVA)), *sealed))


async def opted_out(shop: RealShopHarness) -> bool:
    return await shop.core.background.store.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None


@pytest.mark.requirement("S2")
@pytest.mark.requirement("X3")
def test_ratchet_that_does_not_open_is_made_anew_and_harms_no_other(tmp_path: Path) -> None:
    async def story() -> None:
        async with simulated_whatsapp(*STRICT) as whatsapp:
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.told(1, RUI)
            ruis = dict(in_database(tmp_path, RATCHETS))
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.told(2, ANA)
            anas = dict(in_database(tmp_path, RATCHETS)).keys() - ruis.keys()
            assert len(anas) == 1
            for key in anas:
                in_database(
                    tmp_path,
                    "UPDATE whatsapp_session_keys SET value = ? WHERE key_id = ?",
                    next(iter(ruis.values())),
                    key,
                )
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.told(3, ANA)
                await shop.told(4, RUI)
                await shop.told(5, ANA)
                assert await shop.undecryptable() == 0
            assert await bubbles(whatsapp, ANA, RUI, Phone(SHOP)) == [[1] * 3, [1] * 2, [1] * 5]
        assert not names_anybody(tmp_path)
        said = logged(tmp_path, "keys_unreadable")
        assert said
        assert {(entry["session"], entry["type"], entry["level"]) for entry in said} == {
            ("main", "session", "error")
        }

    asyncio.run(story())


@pytest.mark.requirement("S2")
@pytest.mark.requirement("X3")
def test_credentials_that_do_not_open_ask_for_pairing_and_the_queue_stays(tmp_path: Path) -> None:
    async def story() -> None:
        async with simulated_whatsapp(*STRICT) as whatsapp:
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.told(1, ANA)
                await shop.core.queue.pause()
                waiting = await shop.tell(2, ANA)
            in_database(
                tmp_path,
                "UPDATE whatsapp_sessions SET session_data = (SELECT value FROM whatsapp_session_keys LIMIT 1)",
            )
            for _ in range(2):
                async with start_real_shop(tmp_path, whatsapp) as shop:
                    status = shop.core.connection.get_connection_status()
                    assert (status.state, status.reason) == (ConnectionState.UNPAIRED, CREDENTIALS_UNREADABLE)
                    assert (await shop.message(waiting)).state is State.PENDING
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.core.queue.resume()
                await shop.until_state(waiting, State.READ)
                assert await shop.undecryptable() == 0
            assert await bubbles(whatsapp, ANA) == [[1, 1]]
        assert [entry["session"] for entry in logged(tmp_path, CREDENTIALS_UNREADABLE)] == ["main"] * 3

    asyncio.run(story())


async def copied_and_gone_on(folder: Path, whatsapp: SimulatedWhatsApp) -> tuple[Path, Order]:
    """A copy in which one message waits; it was read since, and three more after it."""
    async with open_real_shop(folder, whatsapp) as shop:
        for number, phone in enumerate((ANA, RUI, EVA)):
            await shop.told(number, phone)
        await shop.core.queue.pause()
        waiting = await shop.tell(3, RUI)
    copy = folder / "copy"
    shutil.copy(folder / DATABASE, copy)
    async with open_real_shop(folder, whatsapp) as shop:
        await shop.core.queue.resume()
        await shop.until_state(waiting, State.READ)
        for number in (4, 5, 6):
            await shop.told(number, ANA)
    return copy, waiting


@pytest.mark.requirement("S2")
@pytest.mark.requirement("Q4")
def test_every_phone_reads_each_message_once_after_a_restored_copy(tmp_path: Path) -> None:
    async def story() -> None:
        async with simulated_whatsapp(*STRICT) as whatsapp:
            copy, waiting = await copied_and_gone_on(tmp_path, whatsapp)
            shutil.move(copy, tmp_path / DATABASE)
            known = dict(in_database(tmp_path, RATCHETS)).keys()
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await shop.core.queue.resume()
                await shop.told(7, ANA)
                doubted = await shop.message(waiting)
                assert (doubted.state, doubted.reason) == (State.IN_DOUBT, RESTORED)
                await shop.core.queue.settle_doubt(doubted.id, arrived=True)
                await shop.told(8, RUI)
                await whatsapp.admin.post("inbound", number=ANA.number, text="PARAR")
                await wait_until(lambda: opted_out(shop))
                assert await shop.undecryptable() == 0
            anas, *others = await bubbles(whatsapp, ANA, RUI, EVA)
            assert set(anas) == {1}
            assert others == [[1] * 3, [1]]
            assert (await whatsapp.admin.get("stats"))["wire_repeats"] == 0
        # Nobody wrote to the third customer: nothing is left of her old ratchet.
        assert len(dict(in_database(tmp_path, RATCHETS)).keys() & known) == len(known) - 1
        assert not names_anybody(tmp_path)
        assert [entry["older_copy"] for entry in logged(tmp_path, "version_differs")] == [True]

    asyncio.run(story())
