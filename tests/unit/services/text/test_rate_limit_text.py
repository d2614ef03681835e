"""Rate limit text: the rest of each allowance, and the hold with its end."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.identifiers import SessionId
from app.domain.rate_limit import Hold, HoldReason, RateLimitStatus
from app.domain.restriction import NewChats
from app.services.text.message_catalog import MessageCatalog
from app.services.text.rate_limit_text import RateLimitText, UsageLevel
from tests.contracts.asked_store import NOW

pytestmark = pytest.mark.requirement("X2")

UNTIL = NOW + timedelta(hours=2)
NUMBER = SessionId("main")


def words(language: str = "pt-BR") -> RateLimitText:
    def said(moment: datetime) -> str:
        return "14:30" if moment == UNTIL else "?"

    return RateLimitText(
        MessageCatalog(Path(f"resources/i18n/sentences.{language}.json").read_text("utf-8")), said
    )


def gauge(
    used: int = 0, *holds: HoldReason, cap: int | None = 30, chats: NewChats | None = None
) -> RateLimitStatus:
    held = tuple(Hold(reason, UNTIL) for reason in holds)
    day = None if cap is None else 1
    return RateLimitStatus(
        NUMBER, None, used, cap, day, last_minute=3, per_minute=20, new_chats=chats, holds=held
    )


@pytest.mark.parametrize(
    ("used", "fuel", "figures", "share"),
    [
        (0, UsageLevel.PLENTY, "restam 30 de 30", 1.0),
        (15, UsageLevel.PLENTY, "restam 15 de 30", 0.5),
        (23, UsageLevel.LOW, "restam 7 de 30", 7 / 30),
        (30, UsageLevel.EMPTY, "restam 0 de 30", 0.0),
        (33, UsageLevel.EMPTY, "restam 0 de 30", 0.0),
    ],
)
def test_the_gauge_says_how_many_new_customers_are_left(
    used: int, fuel: UsageLevel, figures: str, share: float
) -> None:
    reading, minute = words().readings(gauge(used))
    assert (reading.fuel, reading.figures, reading.share_left) == (fuel, figures, share)
    assert reading.note == "1º dia deste número: até 30 clientes novos em 24 h."
    assert (minute.figures, minute.fuel) == ("restam 17 de 20", UsageLevel.PLENTY)


def test_grown_number_counts_without_limit_and_an_unlimited_one_is_silent() -> None:
    reading, _ = words().readings(gauge(41, cap=None))
    assert (reading.fuel, reading.figures, reading.word, reading.share_left) == (
        UsageLevel.FREE,
        "41",
        "sem limite",
        1.0,
    )
    assert words().readings(RateLimitStatus(NUMBER, cold_today=41)) == []


@pytest.mark.parametrize("reason", [HoldReason.COLD_LOCK, HoldReason.NEW_CHAT_CAP, HoldReason.COOL_DOWN])
def test_what_is_left_waits_where_whatsapp_stands_in_its_way(reason: HoldReason) -> None:
    strangers, minute = words().readings(gauge(12, reason))
    assert strangers.fuel is UsageLevel.HELD
    assert (minute.fuel is UsageLevel.HELD) is (reason is HoldReason.COOL_DOWN)
    (empty, _) = words().readings(gauge(30, reason))
    assert empty.fuel is UsageLevel.EMPTY


def test_what_whatsapp_has_counted_is_a_gauge_of_its_own() -> None:
    *_, chats = words().readings(gauge(chats=NewChats(7, 10, UNTIL)))
    assert (chats.figures, chats.note) == ("restam 3 de 10", "Contadas pelo WhatsApp até 14:30.")
    *_, endless = words().readings(gauge(chats=NewChats(10, 10)))
    assert (endless.fuel, endless.note) == (UsageLevel.EMPTY, "")
    assert len(words().readings(gauge(chats=NewChats(0, 0)))) == 2


@pytest.mark.parametrize("language", ["pt-BR", "en", "es"])
@pytest.mark.parametrize("reason", [r for r in HoldReason if r not in ("spacing", "customer_hour")])
def test_each_limit_of_a_number_is_one_sentence_with_its_end(language: str, reason: HoldReason) -> None:
    paused, held = words(language).limits(gauge(0, reason), paused=True)
    assert "14:30" in held
    assert "14:30" not in paused
    assert words(language).limits(gauge(), paused=False) == []
