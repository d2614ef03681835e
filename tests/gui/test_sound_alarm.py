"""Sounds of the window: an untold order calls until a person looks, a reply twice, a lost connection once."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import MessageId
from app.domain.phone import Phone
from app.ports.inbound import Inbound
from app.ports.messenger import LinkChanged, LinkState
from app.ports.sounds import Sound
from app.ui.frame.mute_button import MuteButton
from app.ui.frame.sound_alarm import SoundAlarm
from app.ui.machine import Machine
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.shop import MAIN
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, for_a_while, open_window_shop
from tests.simulators.recorded_sounds import RecordedSounds

pytestmark = pytest.mark.requirement("C8")


def alarm_of(at: WindowShopHarness) -> SoundAlarm:
    alarm = at.window.findChild(SoundAlarm)
    assert isinstance(alarm, SoundAlarm)
    return alarm


async def refused_order(at: WindowShopHarness, number: int = 1) -> None:
    at.shop.messenger.outcomes.append(Rejected(RejectionKind.REFUSED))
    await at.see(at.shop.order(number, phone=f"+55739995400{number:02}"))


async def reply(at: WindowShopHarness) -> None:
    order = at.shop.order(1)
    await at.see(order)
    phone = Phone(order.customer_phone)
    heard = Inbound(MAIN, MessageId("3EB0"), phone, "text", "Posso buscar?", at.shop.clock.now(), live=True)
    await at.shop.core.inbox.record(heard)


async def later(at: WindowShopHarness, **length: float) -> None:
    await at.shop.pass_time(**length)
    alarm_of(at).step()


def test_untold_order_calls_every_30_seconds_until_f4(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds = RecordedSounds()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            await refused_order(at)
            await wait_until(lambda: sounds.played == [Sound.UNTOLD])
            await later(at, seconds=29)
            assert len(sounds.played) == 1
            await later(at, seconds=1)
            assert sounds.played == [Sound.UNTOLD] * 2
            QTest.keyClick(at.window, Qt.Key.Key_F4)
            await for_a_while()
            await later(at, minutes=5)
            assert sounds.played == [Sound.UNTOLD] * 2

    arun(story())


def test_mute_keeps_silence_for_half_an_hour(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds = RecordedSounds()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            mute = at.window.findChild(MuteButton)
            assert isinstance(mute, MuteButton)
            mute.click()
            assert mute.accessibleName() == "Voltar a tocar os sons"
            await refused_order(at)
            await for_a_while()
            await later(at, minutes=29)
            assert sounds.played == []
            await later(at, minutes=1, seconds=1)
            await wait_until(lambda: Sound.UNTOLD in sounds.played)
            assert mute.accessibleName() == "Silenciar os sons por 30 minutos"

    arun(story())


def test_lost_connection_calls_once_after_two_minutes(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds = RecordedSounds()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            await wait_until(lambda: bool(at.page.orders.loaded))
            await for_a_while()
            at.shop.messenger.opens = False
            await at.shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
            alarm_of(at).step()
            await later(at, seconds=119)
            assert sounds.played == []
            await later(at, seconds=2)
            assert sounds.played == [Sound.CONNECTION_LOST]
            await later(at, minutes=20)
            assert sounds.played == [Sound.CONNECTION_LOST]

    arun(story())


def test_new_order_is_heard_only_where_it_was_switched_on(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds = RecordedSounds()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            await at.see(at.shop.order(1))
            await for_a_while()
            assert sounds.played == []
            at.context.preferences.change(sounds=frozenset({Sound.ORDER}))
            await at.see(at.shop.order(2, phone="+5573999540002"))
            await wait_until(lambda: sounds.played == [Sound.ORDER])

    arun(story())


def test_reply_calls_again_after_a_minute_unread(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        sounds, toasts = RecordedSounds(), list[tuple[str, str]]()
        async with open_window_shop(theme, machine=Machine(sounds)) as at:
            at.window.toast_requested.connect(lambda title, text: toasts.append((title, text)))
            at.window.hide()
            await reply(at)
            await wait_until(lambda: sounds.played == [Sound.REPLY])
            assert [title for title, _ in toasts] == ["Um cliente respondeu"]
            await later(at, seconds=60)
            assert sounds.played == [Sound.REPLY] * 2
            await later(at, minutes=9)
            assert sounds.played == [Sound.REPLY] * 2
            assert at.window.windowTitle().startswith("(1) ")

    arun(story())


def test_toast_is_left_out_where_it_was_switched_off(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        toasts = list[str]()
        async with open_window_shop(theme) as at:
            at.context.preferences.change(toasts=False)
            at.window.toast_requested.connect(lambda title, _: toasts.append(title))
            at.window.hide()
            await reply(at)
            await at.shop.clock.advance(timedelta(seconds=1))
            await for_a_while()
            assert toasts == []

    arun(story())
