"""Account of a number: what WhatsApp's next answer keeps of the stored one."""

from dataclasses import replace

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from tests.contracts.asked_store import ANA, LATER, NOW

JID, LID = "5573@s.whatsapp.net", "77@lid"
FORMER = KnownNumber(ANA, WhatsAppAccount(JID, LID), NOW)


def test_answer_without_the_lid_of_the_same_account_takes_none_away() -> None:
    answer = KnownNumber(ANA, WhatsAppAccount(JID), NOW + LATER)
    assert answer.with_lid_of(FORMER) == replace(FORMER, checked_at=NOW + LATER)


@pytest.mark.requirement("K4")
@pytest.mark.parametrize(
    "account", [None, WhatsAppAccount(JID, "88@lid"), WhatsAppAccount("5571@s.whatsapp.net")]
)
def test_answer_of_another_account_or_lid_stands(account: WhatsAppAccount | None) -> None:
    answer = KnownNumber(ANA, account, NOW + LATER)
    assert answer.with_lid_of(FORMER) == answer


def test_answer_stands_where_nothing_was_known() -> None:
    answer = KnownNumber(ANA, WhatsAppAccount(JID), NOW)
    assert answer.with_lid_of(None) == answer
    assert answer.with_lid_of(replace(FORMER, account=None)) == answer
