"""What Python asks of the simulated WhatsApp is understood by it, without any program linked."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.domain.errors import NotAllowedNowError, SimulatorUnreachableError
from tests.simulators.whatsapp_simulator import SHOP, SimulatedWhatsApp, simulated_whatsapp

pytestmark = pytest.mark.slow
ANA = "+5573988880001"


def in_a_world(story: Callable[[SimulatedWhatsApp], Awaitable[None]]) -> None:
    async def live() -> None:
        async with simulated_whatsapp({"number": ANA, "name": "Ana"}) as whatsapp:
            await story(whatsapp)

    asyncio.run(live())


def test_the_shop_writes_from_another_device_and_all_its_phones_show_it() -> None:
    async def story(whatsapp: SimulatedWhatsApp) -> None:
        companion = await whatsapp.link_companion()
        await whatsapp.write_elsewhere(ANA, "Já vai", device=companion)
        for number, device in ((ANA, 0), (SHOP, 0), (SHOP, companion)):
            assert [bubble["text"] for bubble in await whatsapp.shown_to(number, device)] == ["Já vai"]
        assert [entry["times"] for entry in await whatsapp.on_the_wire()] == [1]
        await whatsapp.unlink(companion)
        assert [one["device"] for one in await whatsapp.devices()] == [0]

    in_a_world(story)


def test_everything_that_needs_no_program_is_done() -> None:
    async def story(whatsapp: SimulatedWhatsApp) -> None:
        await whatsapp.options(passkey=False, history="inline")
        await whatsapp.ask_for_passkey()
        await whatsapp.push_history()
        await whatsapp.lock_out_strangers(active=True, ends_at=1_893_456_000, notify=True)
        await whatsapp.cap_new_chats("CAPPED", total=10, used=10)
        await whatsapp.give_token(ANA)
        await whatsapp.write(ANA, text="Oi!")
        await whatsapp.write(ANA, kind="sticker", place="group")
        await whatsapp.change_phone(ANA)
        await whatsapp.change_devices(ANA, 1)
        await whatsapp.report_pre_keys(3)
        await whatsapp.fault("silence")
        await whatsapp.fault("unmute")
        assert (await whatsapp.counters())["logins"] == 0

    in_a_world(story)


def test_what_needs_a_program_is_refused_for_now() -> None:
    async def story(whatsapp: SimulatedWhatsApp) -> None:
        for refused in (
            whatsapp.type_pairing_code("ABCD1234"),
            whatsapp.retire_secret("nonsense"),
            whatsapp.unlink(1),
            whatsapp.route_elsewhere(),
            whatsapp.report_changes(),
        ):
            with pytest.raises(NotAllowedNowError):
                await refused

    in_a_world(story)


def test_a_field_that_the_simulator_does_not_know_is_no_silent_success() -> None:
    async def story(whatsapp: SimulatedWhatsApp) -> None:
        with pytest.raises(SimulatorUnreachableError):
            await whatsapp.fault("nack", cod=463)

    in_a_world(story)
