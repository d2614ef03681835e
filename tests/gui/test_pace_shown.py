"""Rate limits on the number's card, in the connection indicator, and on held orders."""

from datetime import timedelta

import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.identifiers import SessionId
from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from app.domain.rate_limit import RateLimitPolicy
from app.domain.restriction import Restriction, RestrictionKind
from app.ui.frame.connection_indicator import ConnectionButton, ConnectionPopover
from app.ui.frame.hold_strips import HoldStrips
from app.ui.frame.usage_gauge import UsageGauge
from app.ui.palette import DARK, LIGHT, Palette, Tone, contrast
from app.ui.settings.rate_limit_panel import RateLimitPanel
from app.ui.settings.session_card import SessionCard
from app.ui.settings.settings_page import SettingsPage
from app.ui.theme import Theme
from tests.gui.conftest import Run
from tests.harness.customer_words import say
from tests.harness.shop import MAIN, shop_choices
from tests.harness.waiting import wait_until
from tests.harness.window_shop import WindowShopHarness, open_window_shop

pytestmark = pytest.mark.requirement("X2")

SECOND = SessionId("second")
PACED = shop_choices(pace=RateLimitPolicy(per_minute=20, warm_up=(2, 3)))
STRANGER = "+5573988880000"


def panel(at: WindowShopHarness, which: int = 0) -> RateLimitPanel:
    settings = at.window.findChild(SettingsPage)
    assert isinstance(settings, SettingsPage)
    at.window.open_page(settings)
    settings.list.setCurrentRow(which)
    return settings.findChildren(RateLimitPanel)[-1]


def gauges(shown: RateLimitPanel) -> list[str]:
    return [one.accessibleName() for one in shown.gauges if not one.isHidden()]


async def lock(at: WindowShopHarness, *, active: bool = True, minutes: int = 90) -> None:
    ends = at.shop.clock.now() + timedelta(minutes=minutes)
    said = Restriction(RestrictionKind.TIME_LOCK, active, ends if active else None)
    await at.shop.messenger.listener.restricted(MAIN, said)


def at_hour(at: WindowShopHarness, minutes: int) -> str:
    return (at.shop.clock.now() + timedelta(minutes=minutes)).astimezone().strftime("%H:%M")


def test_the_card_counts_what_is_left_as_messages_go_and_minutes_pass(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=PACED) as at:
            shown = panel(at)
            assert gauges(shown) == [
                "Clientes novos em 24 h: restam 2 de 2, folga",
                "Mensagens no último minuto: restam 20 de 20, folga",
            ]
            await at.see(at.shop.order(1))
            await wait_until(lambda: "restam 1 de 2" in gauges(shown)[0])
            assert "restam 19 de 20" in gauges(shown)[1]
            await at.shop.pass_time(minutes=1)
            await wait_until(lambda: "restam 20 de 20" in gauges(shown)[1])
            await at.see(at.shop.order(2, STRANGER))
            await wait_until(lambda: gauges(shown)[0].endswith("restam 0 de 2, acabou"))
            (said,) = shown.holds.texts
            assert said.startswith("Os clientes novos de hoje acabaram; o próximo sai a partir de")

    arun(story())


def test_a_number_without_a_pace_of_its_own_says_so(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            shown = panel(at)
            assert (gauges(shown), shown.holds.texts) == ([], [])

    arun(story())


@pytest.mark.requirement("S3")
def test_time_lock_shows_on_card_and_indicator_until_it_ends_by_itself(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=PACED) as at:
            shown, lamp = panel(at), at.window.findChild(ConnectionButton)
            assert isinstance(lamp, ConnectionButton)
            await lock(at)
            await wait_until(lambda: shown.holds.texts)
            assert f"limitou conversas novas até {at_hour(at, 90)}" in shown.holds.texts[0]
            assert gauges(shown)[0].endswith("esperando")
            assert "WhatsApp limitado" in lamp.text()
            lamp.click()
            popover = lamp.findChild(ConnectionPopover)
            assert isinstance(popover, ConnectionPopover)
            assert [one.texts for one in popover.findChildren(HoldStrips)] == [shown.holds.texts]
            await at.shop.pass_time(minutes=90)
            await wait_until(lambda: not shown.holds.texts)
            assert "WhatsApp conectado" in lamp.text()
            popover.hide()

    arun(story())


def test_a_rest_after_too_many_and_a_pause_by_hand_are_both_said(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=PACED) as at:
            shown = panel(at)
            at.shop.messenger.outcomes.append(Rejected(RejectionKind.RATE_LIMITED, 429))
            await at.see(at.shop.order(1))
            await wait_until(lambda: shown.holds.texts)
            assert f"descansa até {at_hour(at, 1)}" in shown.holds.texts[0]
            await at.shop.core.queue.pause()
            await wait_until(lambda: len(shown.holds.texts) == 2)
            lamp = at.window.findChild(ConnectionButton)
            assert isinstance(lamp, ConnectionButton)
            assert "WhatsApp pausado" in lamp.text()
            await at.shop.core.queue.resume()
            await at.shop.pass_time(minutes=1)
            await wait_until(lambda: not shown.holds.texts)

    arun(story())


@pytest.mark.requirement("Q9")
def test_each_numbers_card_says_how_that_number_stands(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=shop_choices(more_sessions=(SECOND,))) as at:
            at.shop.messenger.opens = True
            first, second = panel(at), panel(at, 1)
            await lock(at)
            await wait_until(lambda: first.holds.texts)
            assert second.holds.texts == []
            await at.see(at.shop.order(1))
            cards = at.window.findChildren(SessionCard)
            await wait_until(lambda: sorted(card.values[2].text() for card in cards) == ["0", "1"])

    arun(story())


def timeline(at: WindowShopHarness) -> str:
    return " ".join(view.reason for view in at.page.detail.conversation.shown)


async def held(at: WindowShopHarness) -> Order:
    order = at.shop.order(1, STRANGER)
    await lock(at)
    await at.see(order)
    at.page.list.choose(order.id)
    await wait_until(lambda: "limitou conversas novas" in timeline(at))
    return order


def test_an_order_that_waits_says_why_and_until_when_and_goes_by_itself(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=shop_choices()) as at:
            order = await held(at)
            until_ = at_hour(at, 90)
            assert f"Pagamento: Espera até {until_}: o WhatsApp limitou conversas novas." in at.words(order)
            assert f"Espera até {until_}" in timeline(at)
            assert (await at.shop.message(order)).state is State.PENDING
            await at.shop.pass_time(minutes=90)
            await wait_until(lambda: "Pagamento: enviada" in at.words(order))
            await wait_until(lambda: "limitou" not in timeline(at))

    arun(story())


@pytest.mark.requirement("A3")
def test_an_order_whose_news_will_be_old_by_then_says_so(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme) as at:
            order = await held(at)
            said = f"Não sai a tempo: o WhatsApp limitou conversas novas até {at_hour(at, 90)}."
            assert said in at.words(order)
            assert said in timeline(at)
            await at.shop.pass_time(minutes=90)
            await wait_until(lambda: "Pagamento: não enviada" in at.words(order))
            assert (await at.shop.message(order)).reason == "stale"

    arun(story())


def test_a_hold_that_begins_or_moves_reaches_orders_that_wait_already(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=shop_choices()) as at:
            at.shop.core.background.workers.pause.on = True
            order = at.shop.order(1, STRANGER)
            await at.see(order)
            await lock(at)
            at.shop.core.background.workers.pause.on = False
            await wait_until(lambda: f"Espera até {at_hour(at, 90)}" in at.words(order))
            await lock(at, minutes=30)
            await wait_until(lambda: f"Espera até {at_hour(at, 30)}" in at.words(order))

    arun(story())


def test_an_order_whose_customer_writes_meanwhile_waits_no_more(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=shop_choices()) as at:
            order = await held(at)
            await say(at.shop, "oi", Phone(STRANGER))
            await wait_until(lambda: "Pagamento: enviada" in at.words(order))

    arun(story())


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_gauge_can_be_told_from_its_ground(palette: Palette) -> None:
    for tone in (Tone.GOOD, Tone.WAIT, Tone.BAD):
        assert contrast(palette.tones[tone].foreground, palette.raised) >= 4.5
        assert contrast(palette.tones[tone].foreground, palette.tones[tone].background) >= 4.5


def test_a_gauge_is_drawn_shorter_with_every_one_that_is_used(theme: Theme, arun: Run) -> None:
    async def story() -> None:
        async with open_window_shop(theme, choices=PACED) as at:
            shown = panel(at)
            await wait_until(lambda: shown.gauges[0].width() > 0)
            full = _filled(shown.gauges[0], theme)
            await at.see(at.shop.order(1))
            await wait_until(lambda: "restam 1 de 2" in gauges(shown)[0])
            assert 0.4 < _filled(shown.gauges[0], theme) / full < 0.6

    arun(story())


def _filled(gauge: UsageGauge, theme: Theme) -> int:
    """Return the number of filled pixels on the bar's middle line."""
    bar = gauge._bar.grab().toImage()
    colour = theme.colours_of(Tone.GOOD).foreground.lower()
    return sum(bar.pixelColor(x, bar.height() // 2).name() == colour for x in range(bar.width()))
