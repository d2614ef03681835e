"""LIDs and usernames stay out of logs, events and tracebacks."""

import logging
from dataclasses import replace

import pytest

from app.domain.claim_text import claim_text
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.ports.inbound import Inbound
from app.ports.messenger import SeenAccount
from tests.harness.customer_words import ANA, say
from tests.harness.greeted_shop import JID, phoneless
from tests.harness.hidden_customers import see_account
from tests.harness.shop import MAIN, Shop, in_shop
from tests.simulators.moved_clock import let_tasks_run

LID = Lid("160355598761234@lid")
USERNAME = "ana.acai.tropical"


@pytest.mark.requirement("K5", "X4")
def test_lid_and_username_are_in_no_log_and_no_event(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    async def story(shop: Shop) -> None:
        await shop.see(phoneless(shop))
        shop.messenger.outcomes.extend([RuntimeError("defect"), RuntimeError("defect")])
        at = shop.clock.now()
        wrote = Inbound(
            MAIN,
            MessageId("3A1"),
            None,
            "text",
            claim_text(7),
            at,
            live=True,
            lid=LID,
            jid=LID.text,
            username=USERNAME,
        )
        await shop.messenger.emit(wrote)
        await let_tasks_run()
        await see_account(shop, SeenAccount(ANA, LID, USERNAME))
        await say(shop, "PARAR", None, lid=LID.text)
        await shop.pass_time(minutes=10)
        shown.append(repr([wrote, replace(wrote, text="x"), SeenAccount(ANA, LID, USERNAME), LID]))
        shown.append(repr(shop.events))
        shown.append(repr(await shop.store.read(lambda rows: rows.replies.of_order(phoneless(shop).id))))
        shown.append(repr(await shop.store.read(lambda rows: rows.consents.of_order(phoneless(shop).id))))
        shown.append(repr(await shop.store.read(lambda rows: rows.orders.latest(9))))

    in_shop(story)
    shown += [f"{each.getMessage()} {vars(each)}" for each in caplog.records]
    for secret in (LID.text.split("@", maxsplit=1)[0], USERNAME, JID, ANA.number):
        assert not [each for each in shown if secret in each]
