"""A history that the shop's phone pushes: no text and no name of it is in any file, and a kill loses nothing."""

import asyncio
import base64
import zlib
from pathlib import Path

import pytest

from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.phone import Phone
from app.ports.histories import history_setting
from tests.harness.real_shop import RealShopHarness, in_database, open_real_shop
from tests.harness.waiting import wait_until
from tests.simulators.whatsapp_simulator import SimulatedWhatsApp, simulated_whatsapp

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("K7")]
MAIN = SessionId("main")
ANA = Phone("+5573999548537")
SECRETS = (b"o segredo da Ana", b"Ana do Segredo", b"5573988880009", zlib.compress(b"o segredo da Ana"))
HISTORIES = "SELECT count(*) FROM whatsapp_histories"


def _found(folder: Path) -> set[bytes]:
    """Return the secrets in the folder's files, in clear or in base64."""
    contents = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    forms = {secret: (secret, base64.b64encode(secret)[:16]) for secret in SECRETS}
    return {secret for secret, each in forms.items() for form in each for text in contents if form in text}


async def _read(shop: RealShopHarness) -> bool:
    return bool(await shop.core.background.store.read(lambda rows: rows.settings.get(history_setting(MAIN))))


async def _with_a_chat(whatsapp: SimulatedWhatsApp, history: str) -> None:
    others = {"number": "+5573988880009", "name": "Ana do Segredo"}
    await whatsapp.admin.post("contacts", contacts=[others])
    for number in (ANA.number, others["number"]):
        await whatsapp.keep_chat(number, token=True, text="o segredo da Ana")
    await whatsapp.options(history=history)


def test_no_text_and_no_name_of_a_history_is_in_any_file(tmp_path: Path) -> None:
    async def story() -> None:
        async with simulated_whatsapp({"number": ANA.number, "name": "Ana do Segredo"}) as whatsapp:
            await _with_a_chat(whatsapp, "both")
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await wait_until(lambda: _read(shop))
                await shop.told(1, ANA)
                assert _found(tmp_path) == set()

    asyncio.run(story())
    assert _found(tmp_path) == set()
    assert in_database(tmp_path, HISTORIES) == [(0,)]


def test_a_history_is_read_by_the_next_start_of_the_program(tmp_path: Path) -> None:
    async def story() -> None:
        async with simulated_whatsapp({"number": ANA.number}) as whatsapp:
            await _with_a_chat(whatsapp, "media")
            await whatsapp.fault("media_silent", times=-1)
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await wait_until(lambda: _waits(shop))
                await shop.told(1, ANA)
            assert in_database(tmp_path, HISTORIES) == [(1,)]
            await whatsapp.admin.post("disarm-all")
            async with open_real_shop(tmp_path, whatsapp) as shop:
                await wait_until(lambda: _read(shop))
                await whatsapp.lock_out_strangers(active=True)
                order = await shop.tell(2, ANA)
                assert (await shop.until_state(order, State.READ, State.FAILED)).state is State.READ

    asyncio.run(story())
    assert in_database(tmp_path, HISTORIES) == [(0,)]


async def _waits(shop: RealShopHarness) -> bool:
    return bool(await shop.core.background.store.read(lambda rows: rows.histories.waiting(MAIN)))
