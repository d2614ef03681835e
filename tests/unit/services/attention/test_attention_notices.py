"""Attention notices: gravest first, one button each, and no promise that nothing keeps."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.domain.close_policy import CloseCause
from app.domain.identifiers import SessionId
from app.domain.remedy import REMEDIES
from app.domain.session import (
    BANNED,
    LOGGED_OUT,
    SUSPENDED,
    SUSPENDED_UNTIL,
    ConnectionState,
    ConnectionStatus,
    PairingStep,
)
from app.services.attention.attention_notices import (
    LOST_FOR,
    AttentionNotices,
    Gravity,
    NoticeAction,
    NumberCondition,
)
from app.services.attention.connection_loss import ConnectionLoss
from app.services.text.message_catalog import MessageCatalog
from tests.contracts.asked_store import NOW

pytestmark = pytest.mark.requirement("C8")

MAIN, SECOND = SessionId("main"), SessionId("second")


def texts(language: str = "pt-BR") -> AttentionNotices:
    catalogue = Path(f"resources/i18n/sentences.{language}.json").read_text("utf-8")
    return AttentionNotices(MessageCatalog(catalogue), lambda moment: moment.strftime("%H:%M"))


def blocked(reason: str, waiting: int = 0, until: datetime | None = None) -> NumberCondition:
    status = ConnectionStatus(MAIN, ConnectionState.BLOCKED, reason=reason, until=until)
    return NumberCondition(status, ConnectionLoss(NOW, reason), waiting)


def lost(reason: str | None = None, waiting: int = 0) -> NumberCondition:
    status = ConnectionStatus(MAIN, ConnectionState.DISCONNECTED, reason=reason)
    return NumberCondition(status, ConnectionLoss(NOW, reason), waiting)


def connected(waiting: int = 0, limited_until: datetime | None = None) -> NumberCondition:
    return NumberCondition(ConnectionStatus(MAIN, ConnectionState.CONNECTED), None, waiting, limited_until)


@pytest.mark.parametrize("language", ["pt-BR", "en", "es"])
@pytest.mark.parametrize("reason", sorted(REMEDIES))
def test_notices_have_a_sentence_for_every_reason(language: str, reason: str) -> None:
    for number in (blocked(reason, until=NOW), lost(reason)):
        found = texts(language).of_shop([number], paused=False, now=NOW + timedelta(minutes=3))
        assert len(found) == 1
        assert "{" not in found[0].text
        assert "_" not in found[0].text
        assert found[0].button


def test_notices_are_empty_while_messages_leave() -> None:
    assert not texts().of_shop([connected(waiting=3)], paused=False, now=NOW)


def test_notices_report_a_loss_only_once_it_lasts() -> None:
    short = NOW + LOST_FOR - timedelta(seconds=1)
    assert not texts().of_shop([lost()], paused=False, now=short)
    found = texts().of_shop([lost(waiting=5)], paused=False, now=NOW + timedelta(minutes=3))
    assert found[0].text == "Sem WhatsApp há 3 min · 5 avisos guardados, saem sozinhos"
    assert (found[0].action, found[0].button) == (NoticeAction.SHOW, "Ver")


def test_notices_say_hours_of_a_long_loss() -> None:
    found = texts().of_shop([lost()], paused=False, now=NOW + timedelta(hours=2, minutes=5))
    assert "há 2 h 05" in found[0].text


def test_notices_promise_nothing_while_paused() -> None:
    found = texts().of_shop([lost(waiting=2)], paused=True, now=NOW + timedelta(minutes=3))
    assert [notice.gravity for notice in found] == [Gravity.PAUSED, Gravity.RETURNING]
    assert not any("sozinho" in notice.text for notice in found)


def test_notices_put_the_gravest_number_first_with_its_name() -> None:
    second = replace(blocked(BANNED).status, session_id=SECOND)
    numbers = [
        replace(lost(CloseCause.NO_INTERNET), name="Loja"),
        replace(blocked(BANNED), status=second, name="Bar"),
    ]
    found = texts().of_shop(numbers, paused=True, now=NOW + timedelta(minutes=1))
    assert [notice.gravity for notice in found] == [Gravity.STOPPED, Gravity.PAUSED, Gravity.RETURNING]
    assert found[0].text.startswith("Bar: Número bloqueado")
    assert found[0].session_id == SECOND
    assert texts().and_more(2) == "e mais 2"


def test_notices_call_only_a_ban_a_blocked_number() -> None:
    for reason in sorted(REMEDIES):
        found = texts().of_shop([blocked(reason, until=NOW)], paused=False, now=NOW)
        assert ("bloquead" in found[0].text) == (reason == BANNED)


def test_notices_pair_where_only_that_helps() -> None:
    assert texts().of_shop([blocked(LOGGED_OUT)], paused=False, now=NOW)[0].action is NoticeAction.PAIR
    unpaired = NumberCondition(ConnectionStatus(MAIN, ConnectionState.UNPAIRED))
    found = texts().of_shop([unpaired], paused=False, now=NOW)[0]
    assert (found.action, found.button) == (NoticeAction.PAIR, "Conectar o WhatsApp")


def test_notices_are_left_out_while_the_number_is_being_paired() -> None:
    status = ConnectionStatus(MAIN, ConnectionState.UNPAIRED, pairing=PairingStep.AWAITING_SCAN)
    assert not texts().of_shop([NumberCondition(status)], paused=False, now=NOW)


def test_notices_say_the_end_of_a_ban_where_it_is_known() -> None:
    known = texts().of_shop([blocked(SUSPENDED_UNTIL, until=NOW)], paused=False, now=NOW)[0]
    assert f"até {NOW:%H:%M}" in known.text
    unknown = texts().of_shop([blocked(SUSPENDED_UNTIL)], paused=False, now=NOW)[0]
    assert unknown.text == texts().of_shop([blocked(SUSPENDED)], paused=False, now=NOW)[0].text


def test_notices_tell_of_a_limit_only_while_messages_wait() -> None:
    until = NOW + timedelta(hours=1)
    assert not texts().of_shop([connected(0, until)], paused=False, now=NOW)
    found = texts().of_shop([connected(1, until)], paused=False, now=NOW)[0]
    assert found.gravity is Gravity.LIMITED
    assert f"Limite do WhatsApp até {until:%H:%M} · 1 aviso guardado" in found.text
