"""Pickup reply: its words, the message that it answers, and the one that counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.customer_reply import DELETED, EDITED_ELSEWHERE, CustomerReply
from app.domain.identifiers import MessageId, OrderId, SessionId, notification_id
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.outgoing_text import LONGEST
from app.domain.phone import Phone
from app.domain.pickup_reply import (
    PickupChoice,
    PickupQuestion,
    PickupReply,
    choice_in,
    pickup_question,
    pickup_reply,
    with_offer,
)

pytestmark = pytest.mark.requirement("K9")

NOW = datetime(2026, 11, 1, 15, 0, 0, 700_000, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ANA = Phone("+5573999548537")
O1, MAIN = OrderId("o1"), SessionId("main")
ON_THE_WAY, NOT_NOW = PickupChoice.ON_THE_WAY, PickupChoice.NOT_NOW


def told(
    kind: NotificationType = NotificationType.READY, occurrence: int = 1, state: State = State.SENT
) -> Notification:
    named = notification_id(O1, kind, occurrence)
    row = Notification(named, O1, kind, occurrence, MAIN, ANA, "pronto!", MessageId("3EB0"), NOW, NOW, state)
    return row if state is State.PENDING else replace(row, sending_at=NOW, sent_at=NOW + SECOND)


READY = told()
ASKED = PickupQuestion(ANA, NOW.replace(microsecond=0))


def said(text: str | None, after: timedelta = MINUTE, **changes: object) -> CustomerReply:
    at = NOW + after
    reply = CustomerReply(MessageId(f"3A{at}"), MAIN, ANA, "text", text, at, live=True, order_id=O1)
    return replace(reply, **changes)  # type: ignore[arg-type]


def chosen(*oldest_first: CustomerReply, ready: Notification = READY) -> PickupChoice | None:
    asked = pickup_question([ready])
    assert asked is not None
    found = pickup_reply(asked, reversed(oldest_first))
    return found.choice if found else None


@pytest.mark.parametrize("text", ["1", "1.", "1️⃣", " 1 ", "*1*", "１", "①", "\u200b1", "1!!", "1 👍", "(1)"])
def test_choice_in_takes_a_one_in_any_style(text: str) -> None:
    assert choice_in(text) is ON_THE_WAY


@pytest.mark.parametrize("text", ["9", "9.", "9️⃣", "⑨", "\n9"])
def test_choice_in_takes_a_nine_in_any_style(text: str) -> None:
    assert choice_in(text) is NOT_NOW


@pytest.mark.parametrize(
    "text", ["", "11", "19", "1 9", "1️⃣0️⃣", "1 min", "um", "2", "½", "1,5", "R$ 1", "1" + " " * 300]
)
def test_choice_in_takes_the_whole_text_only(text: str) -> None:
    assert choice_in(text) is None


def test_with_offer_adds_one_line_below_the_wording() -> None:
    assert with_offer("Pronto!", "1 ou 9?") == "Pronto!\n\n1 ou 9?"
    longest = "a" * (LONGEST - 9)
    assert with_offer(longest, "1 ou 9?") == f"{longest}\n\n1 ou 9?"


def test_with_offer_leaves_a_text_that_would_be_too_long() -> None:
    long = "a" * (LONGEST - 8)
    assert with_offer(long, "1 ou 9?") == long


@pytest.mark.parametrize(
    ("state", "left"),
    [(each, each in {"sending", "sent", "delivered", "read", "in_doubt", "pending"}) for each in State],
)
def test_pickup_question_is_a_message_that_may_be_with_the_customer(state: State, *, left: bool) -> None:
    assert pickup_question([replace(READY, state=state)]) == (ASKED if left else None)


def test_pickup_question_is_none_before_the_first_hand_over() -> None:
    assert pickup_question([]) is None
    assert pickup_question([told(state=State.PENDING)]) is None
    assert pickup_question([told(NotificationType.PREPARING), told(state=State.PENDING)]) is None


def test_pickup_question_is_none_after_another_stage() -> None:
    assert pickup_question([READY, told(NotificationType.PREPARING, 2)]) is None
    assert pickup_question([READY, told(NotificationType.CUSTOM), told(NotificationType.REPLY)]) == ASKED


def test_pickup_question_is_the_last_copy_that_left() -> None:
    copy = replace(told(occurrence=2), sending_at=NOW + MINUTE, sent_at=NOW + MINUTE)
    assert pickup_question([READY, copy]) == replace(ASKED, since=ASKED.since + MINUTE)
    assert pickup_question([READY, told(occurrence=2, state=State.PENDING)]) == ASKED


def test_pickup_question_is_none_when_no_moment_of_the_message_is_readable() -> None:
    assert pickup_question([replace(READY, sending_at=None, sent_at=None)]) is None


def test_pickup_reply_is_the_latest_choice_with_its_moment() -> None:
    assert pickup_reply(ASKED, [said("1")]) == PickupReply(ON_THE_WAY, NOW + MINUTE)
    assert chosen(said("1"), said("9", 2 * MINUTE)) is NOT_NOW
    assert chosen(said("9"), said("1", 2 * MINUTE), said("obrigada!", 3 * MINUTE)) is ON_THE_WAY
    assert chosen(said("9"), said("1")) is ON_THE_WAY
    assert chosen(said("já vou"), said(None)) is None
    assert chosen() is None


def test_pickup_reply_ignores_what_was_written_before_the_message() -> None:
    assert chosen(said("1", -MINUTE)) is None
    assert chosen(said("1", timedelta(milliseconds=-700))) is ON_THE_WAY
    assert (
        chosen(said("1"), ready=replace(READY, sending_at=NOW + 2 * MINUTE, sent_at=NOW + 2 * MINUTE)) is None
    )


@pytest.mark.requirement("Z3")
@pytest.mark.parametrize("evidence", ["sent_at", "delivered_at", "read_at", "doubted_at"])
def test_pickup_reply_counts_when_the_clock_was_ahead_or_a_doubt_repeated(evidence: str) -> None:
    ahead = replace(READY, sending_at=NOW + 60 * MINUTE, sent_at=None)
    assert chosen(said("1"), ready=ahead) is None
    assert chosen(said("1"), ready=replace(ahead, **{evidence: NOW})) is ON_THE_WAY  # type: ignore[arg-type]


def test_pickup_reply_follows_edits_and_deletions() -> None:
    first, at = said("9"), NOW + 5 * MINUTE
    assert chosen(first, replace(said("1", 2 * MINUTE), kind=DELETED, text=None, changed_at=at)) is NOT_NOW
    assert chosen(first, replace(said("1", 2 * MINUTE), kind=EDITED_ELSEWHERE, changed_at=at)) is NOT_NOW
    assert chosen(first, said("1 h", 2 * MINUTE, changed_at=at)) is NOT_NOW
    assert chosen(said("1", changed_at=at), said("9", 2 * MINUTE)) is ON_THE_WAY
    assert chosen(said("1", -MINUTE, changed_at=at)) is ON_THE_WAY


def test_pickup_reply_is_a_text() -> None:
    for kind in ("image", "reaction", "unreadable"):
        assert chosen(said("1", kind=kind)) is None
