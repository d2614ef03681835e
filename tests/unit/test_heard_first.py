"""After an absence a number speaks only when it has heard what waited for it."""

import pytest

from app.domain.notification import State, Suppression
from app.ports.messenger import LinkChanged, LinkState
from tests.simulators.customer_words import ANA, first_words, say
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.shop import MAIN, Shop, in_shop

pytestmark = pytest.mark.requirement("X1")


async def open_only(shop: Shop) -> None:
    """Connected again, with what waited at WhatsApp still to come."""
    shop.messenger.opens = False
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.CLOSED, 428))
    await shop.see(shop.order(1))
    await shop.pass_time(seconds=2)
    await shop.messenger.emit(LinkChanged(MAIN, LinkState.OPEN))
    await let_tasks_run()


def test_what_was_queued_goes_when_all_that_waited_has_come() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        assert shop.messenger.sends == []
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await let_tasks_run()
        assert len(shop.messenger.sends) == 1

    in_shop(story)


def test_a_parar_that_waited_comes_before_all_that_was_queued() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        await say(shop, "Parar!", ANA, live=False)
        await shop.messenger.emit(LinkChanged(MAIN, LinkState.DRAINED))
        await let_tasks_run()
        kept = await shop.message(shop.order(1))
        assert (kept.state, kept.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
        assert first_words(shop) == ["Pronto"]

    in_shop(story)


def test_where_whatsapp_forgets_to_say_so_nothing_waits_for_ever() -> None:
    async def story(shop: Shop) -> None:
        await open_only(shop)
        await shop.pass_time(seconds=4.9)
        assert shop.messenger.sends == []
        await shop.pass_time(seconds=0.1)
        await let_tasks_run()
        assert len(shop.messenger.sends) == 1

    in_shop(story)
