"""Command executor: rate limit status of each number, in words and in figures."""

from datetime import timedelta

import pytest

from app.domain.rate_limit import RateLimitPolicy
from app.domain.restriction import Restriction, RestrictionKind
from app.headless.event_json import event_json
from tests.harness.shop import MAIN, Shop, in_shop, shop_choices
from tests.unit.headless.test_command_executor import SECOND, ask
from tests.unit.services.rate_limits.test_rate_limiter import phone

pytestmark = pytest.mark.requirement("X2")

TWO = shop_choices(pace=RateLimitPolicy(per_minute=20, warm_up=(2, 3)), more_sessions=(SECOND,))


GOES_ON = "Quem já falou com este número continua sendo avisado."


def test_the_status_says_what_is_left_and_what_holds_each_number() -> None:
    async def story(shop: Shop) -> None:
        ends = shop.clock.now() + timedelta(hours=2)
        cap = Restriction(RestrictionKind.NEW_CHAT_CAP, active=True, until=ends, used=10, total=10)
        await shop.see(shop.order(1, phone(1)))
        await shop.messenger.listener.restricted(MAIN, cap)
        sessions = (await ask(shop, command="status"))["sessions"]
        main, second = sessions["main"]["pace"], sessions["second"]["pace"]
        assert main["new_customers"] == {"used": 1, "total": 2, "warm_up_day": 1}
        assert main["last_minute"] == {"used": 1, "total": 20}
        assert main["new_chats"] == {"used": 10, "total": 10, "until": ends.isoformat()}
        assert main["holds"] == [{"reason": "new_chat_cap", "until": ends.isoformat()}]
        at = ends.astimezone().strftime("%d/%m %H:%M")
        assert main["words"] == [
            f"Acabaram as conversas novas que o WhatsApp permite, até {at}. {GOES_ON}",
            "Clientes novos em 24 h: restam 1 de 2, esperando",
            "Mensagens no último minuto: restam 19 de 20, folga",
            "Conversas novas do WhatsApp: restam 0 de 10, acabou",
        ]
        assert (second["holds"], second["new_chats"], second["paused"]) == ([], None, False)

    in_shop(story, choices=TWO)


@pytest.mark.requirement("Q6")
def test_a_paused_queue_is_said_of_every_number() -> None:
    async def story(shop: Shop) -> None:
        await ask(shop, command="pause")
        for each in (await ask(shop, command="status"))["sessions"].values():
            assert each["pace"]["paused"]
            assert each["pace"]["words"][0] == "Fila pausada: nada sai até alguém continuar."

    in_shop(story, choices=TWO)


def test_a_hold_that_begins_and_its_end_are_events() -> None:
    async def story(shop: Shop) -> None:
        ends = shop.clock.now() + timedelta(hours=1)
        lock = Restriction(RestrictionKind.TIME_LOCK, active=True, until=ends)
        await shop.messenger.listener.restricted(MAIN, lock)
        await shop.pass_time(hours=1)
        told = [said for event in shop.events if (said := event_json(event)) and said["event"] == "pace"]
        assert [(each["session"], each["holds"]) for each in told] == [
            (MAIN, [{"reason": "cold_lock", "until": ends.isoformat()}]),
            (MAIN, []),
        ]

    in_shop(story, choices=TWO)


def test_a_number_without_a_pace_counts_and_limits_nothing() -> None:
    async def story(shop: Shop) -> None:
        pace = (await ask(shop, command="status"))["pace"]
        assert pace["last_minute"] == {"used": 0, "total": None}
        assert (pace["new_customers"]["total"], pace["words"]) == (None, [])

    in_shop(story)
