"""Account ids, numbers and usernames as WhatsApp sends them, and what is none of these."""

import pytest

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp.addresses import number_of, username_of
from app.adapters.whatsapp.failure_mapping import answers_of
from app.adapters.whatsapp.notice_translation import inbound_of, seen_accounts_of
from app.domain.account import CouldNotAsk, WhatsAppAccount
from app.domain.lid import Lid
from app.domain.phone import Phone
from app.ports.messenger import SeenAccount
from tests.harness.shop import MAIN

ANA, RUI = Phone("+5573988880001"), Phone("+5573988880002")


@pytest.mark.requirement("K5")
@pytest.mark.parametrize("lid", ["4711@lid", "4711:7@lid", "4711@hosted.lid", "4711:99@hosted.lid"])
def test_inbound_has_the_lid_without_device_and_host(lid: str) -> None:
    assert inbound_of(MAIN, _inbound(lid)).lid == Lid("4711@lid")


@pytest.mark.parametrize("lid", [None, "", "@lid", "ana@lid", "4711@lid\n", "5573988880001@s.whatsapp.net"])
def test_inbound_has_no_lid_when_the_text_is_none(lid: str | None) -> None:
    assert inbound_of(MAIN, _inbound(lid)).lid is None


def _inbound(lid: str | None) -> wire.InboundParams:
    rest = dict.fromkeys(("number", "text", "about", "username", "name"))
    told = {**rest, "message_id": "3A1", "jid": "", "kind": "text", "at": 0, "live": True, "lid": lid}
    return wire.InboundParams.model_validate(told)


def test_username_without_a_letter_or_of_another_form_is_left_out() -> None:
    assert username_of("ana.acai_1") == "ana.acai_1"
    for text in (None, "", "an", "5573988880001", "+5573988880001", "ana açaí", "4711@lid", "ana.acai\n"):
        assert username_of(text) is None
    assert number_of("+5573988880001") == ANA
    assert number_of("5573988880001") is None


@pytest.mark.requirement("K5")
def test_mappings_drop_malformed_pairs_and_show_nothing_in_their_repr() -> None:
    pairs = [
        wire.OneMapping(number="+5573988880001", lid="4711:3@lid", username="ana.acai", live=False),
        wire.OneMapping(number=None, lid="4712@hosted.lid", username="4712", live=True),
        wire.OneMapping(number="ana", lid="4713@lid", username=None, live=True),
        wire.OneMapping(number="+5573988880001", lid="ana", username=None, live=True),
    ]
    seen = seen_accounts_of(wire.MappingsParams(mappings=pairs))
    assert seen == [
        SeenAccount(ANA, Lid("4711@lid"), "ana.acai", live=False),
        SeenAccount(None, Lid("4712@lid")),
    ]
    for shown in (repr(seen), repr(pairs)):
        assert not any(part in shown for part in ("4711", "4712", "ana.acai", "8888"))


@pytest.mark.requirement("K2")
def test_answers_belong_to_the_customers_in_the_order_asked() -> None:
    ana = wire.FoundAccount(trusted=False, jid="5573988880001@s.whatsapp.net", lid="4711@lid")
    answered = wire.NumbersAnswered(outcome="answered", answers=[[ana], []])
    assert answers_of(answered, [[ANA], [RUI]]) == [WhatsAppAccount(ana.jid, "4711@lid"), None]
    unclear = wire.NumbersAnswered(outcome="answered", answers=[[ana], None])
    assert answers_of(unclear, [[ANA], [RUI]])[1] == CouldNotAsk("refused")
    assert answers_of(answered, [[ANA]]) == [CouldNotAsk("refused")]
