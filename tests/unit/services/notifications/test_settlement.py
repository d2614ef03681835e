"""Settlement: every field after an attempt's start, its end and WhatsApp's receipts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.attempt import Accepted, AttemptEnd, InDoubt, NoAccount, Rejected, RejectionKind, Withheld
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.receipt import Evidence, Receipt
from app.domain.retry_policy import RetryPolicy
from app.services.notifications.settlement import abort_attempt, apply_receipt, finish_attempt, start_attempt
from tests.contracts.asked_store import LATER, NOW, SOON, owed

TOLD_AT = NOW + SOON
ENDED_AT = NOW + 2 * SOON
LEASE = Lease("me", NOW + LATER)
SENDING = owed(
    state=State.SENDING,
    lease=LEASE,
    attempts=1,
    sending_at=NOW,
    on_wire_at=NOW,
    changed_at=NOW,
    scheduled_at=NOW - SOON,
)
SECOND_TRY = replace(SENDING, attempts=2)
REPEATED = replace(SENDING, repeats=1)
OFF_WIRE = replace(SENDING, on_wire_at=None)
ONE_RETRY = RetryPolicy(max_retries=1, base=timedelta(seconds=7))


def refused(kind: RejectionKind, code: int | None = None) -> Rejected:
    return Rejected(kind, code)


def freed(row: Notification, state: State, **changes: Any) -> Notification:
    return replace(row, **{"state": state, "lease": None, "changed_at": ENDED_AT, **changes})


def test_an_attempt_is_counted_when_it_begins() -> None:
    waiting = owed(
        lease=LEASE, attempts=2, reason="transient", sending_at=NOW - LATER, on_wire_at=NOW - LATER
    )
    moments: dict[str, Any] = {"sending_at": NOW, "changed_at": NOW}
    sending = replace(waiting, state=State.SENDING, attempts=3, reason=None, on_wire_at=None, **moments)
    assert start_attempt(waiting, NOW) == sending


@pytest.mark.requirement("Q3")
@pytest.mark.parametrize(
    ("row", "end", "expected"),
    [
        (SENDING, Accepted(TOLD_AT), freed(SENDING, State.SENT, sent_at=TOLD_AT)),
        (SENDING, NoAccount(), freed(SENDING, State.SUPPRESSED, reason="not_on_whatsapp", sending_at=None)),
        (SECOND_TRY, NoAccount(), freed(SECOND_TRY, State.SUPPRESSED, reason="not_on_whatsapp")),
        (REPEATED, NoAccount(), freed(REPEATED, State.SUPPRESSED, reason="not_on_whatsapp")),
        (SENDING, Withheld(), freed(SENDING, State.SUPPRESSED, reason="opted_out")),
        (
            SENDING,
            InDoubt("ack_timeout"),
            freed(SENDING, State.IN_DOUBT, reason="ack_timeout", doubted_at=ENDED_AT),
        ),
        (
            SENDING,
            refused(RejectionKind.TRANSIENT),
            freed(SENDING, State.PENDING, reason="transient", scheduled_at=ENDED_AT + 7 * SOON),
        ),
        (
            SENDING,
            refused(RejectionKind.NO_DEVICES, 7),
            freed(SENDING, State.PENDING, reason="no_devices:7", scheduled_at=ENDED_AT + 7 * SOON),
        ),
        (
            SECOND_TRY,
            refused(RejectionKind.STALE_SESSION, 0),
            freed(SECOND_TRY, State.FAILED, reason="stale_session:0"),
        ),
        (SENDING, refused(RejectionKind.REFUSED, 400), freed(SENDING, State.FAILED, reason="refused:400")),
        (SENDING, refused(RejectionKind.RESTRICTED), freed(SENDING, State.FAILED, reason="restricted")),
    ],
)
def test_each_end_leaves_a_row_of_its_own(row: Notification, end: AttemptEnd, expected: Notification) -> None:
    assert finish_attempt(row, end, ONE_RETRY, ENDED_AT) == expected


@pytest.mark.requirement("Q4", "Z1")
@pytest.mark.parametrize("reason", ["ack_timeout", "sidecar_gone", "socket_closed"])
@pytest.mark.parametrize(("row", "sending_at"), [({}, None), ({"attempts": 2}, NOW), ({"repeats": 1}, NOW)])
def test_abort_frees_a_row_without_a_doubt_when_it_never_reached_the_wire(
    reason: str, row: dict[str, Any], sending_at: datetime | None
) -> None:
    never_left = replace(OFF_WIRE, **row)
    free = freed(never_left, State.PENDING, scheduled_at=ENDED_AT, sending_at=sending_at)
    assert finish_attempt(never_left, InDoubt(reason), ONE_RETRY, ENDED_AT) == free


@pytest.mark.requirement("Q3", "Z1")
@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        (1, freed(OFF_WIRE, State.PENDING, reason="transient", scheduled_at=ENDED_AT + 7 * SOON)),
        (2, freed(replace(OFF_WIRE, attempts=2), State.FAILED, reason="transient")),
    ],
)
def test_abort_retries_an_exception_before_the_wire_like_a_passing_failure(
    attempts: int, expected: Notification
) -> None:
    row = replace(OFF_WIRE, attempts=attempts)
    assert finish_attempt(row, InDoubt("unexpected"), ONE_RETRY, ENDED_AT) == expected


@pytest.mark.requirement("Q4")
def test_settled_doubts_an_exception_after_the_wire() -> None:
    doubted = freed(SENDING, State.IN_DOUBT, reason="unexpected", doubted_at=ENDED_AT)
    assert finish_attempt(SENDING, InDoubt("unexpected"), ONE_RETRY, ENDED_AT) == doubted


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize(
    ("attempts", "wait"), [(3, timedelta(0)), (4, timedelta(seconds=30)), (9, timedelta(seconds=30))]
)
def test_broken_off_lets_others_go_first_when_it_happens_again_and_again(
    attempts: int, wait: timedelta
) -> None:
    row = replace(OFF_WIRE, attempts=attempts)
    free = freed(row, State.PENDING, scheduled_at=ENDED_AT + wait)
    assert abort_attempt(row, ENDED_AT, "owner_died") == free


@pytest.mark.requirement("Z1")
def test_abort_fails_a_row_whose_process_died_ten_times_before_the_wire() -> None:
    row = replace(OFF_WIRE, attempts=10)
    assert abort_attempt(row, ENDED_AT, "owner_died") == freed(row, State.FAILED, reason="cut_short")


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize("kind", ["not_connected", "too_late", "rate_limited"])
@pytest.mark.parametrize(
    ("row", "attempts", "sending_at"), [(SENDING, 0, None), (SECOND_TRY, 1, NOW), (REPEATED, 0, NOW)]
)
def test_a_hold_gives_the_attempt_back_and_keeps_the_place(
    kind: str, row: Notification, attempts: int, sending_at: datetime | None
) -> None:
    held = freed(row, State.PENDING, attempts=attempts, sending_at=sending_at, reason=None)
    assert finish_attempt(row, refused(RejectionKind(kind), 429), ONE_RETRY, ENDED_AT) == held


@pytest.mark.requirement("X2")
def test_hold_that_ends_early_by_a_clock_set_back_is_due_then() -> None:
    earlier = SENDING.scheduled_at - LATER
    held = finish_attempt(SENDING, refused(RejectionKind.TOO_LATE), ONE_RETRY, earlier)
    assert held.scheduled_at == earlier


@pytest.mark.requirement("S6")
@pytest.mark.parametrize("state", [State.DELIVERED, State.PENDING])
def test_an_answer_that_comes_after_the_receipt_only_frees_the_row(state: State) -> None:
    row = replace(SENDING, state=state)
    assert finish_attempt(row, Rejected(RejectionKind.REFUSED), ONE_RETRY, ENDED_AT) == replace(
        row, lease=None
    )


def word(evidence: Evidence, code: int | None = None) -> Receipt:
    return Receipt(SENDING.message_id, evidence, TOLD_AT, code)


RISES: list[tuple[Evidence, State, dict[str, Any]]] = [
    (Evidence.ACCEPTED, State.SENT, {}),
    (Evidence.SENDER, State.SENT, {}),
    (Evidence.RETRY, State.SENT, {}),
    (Evidence.COPY, State.SENT, {}),
    (Evidence.DELIVERED, State.DELIVERED, {"delivered_at": TOLD_AT}),
    (Evidence.READ, State.READ, {"delivered_at": TOLD_AT, "read_at": TOLD_AT}),
]


@pytest.mark.requirement("S6")
@pytest.mark.parametrize(("evidence", "state", "moments"), RISES)
@pytest.mark.parametrize(
    "before",
    [State.SENDING, State.IN_DOUBT, State.FAILED, State.PENDING, State.SUPPRESSED, State.CANCELLED],
)
def test_receipt_of_a_message_that_may_have_left_frees_it_at_its_moment(
    before: State, evidence: Evidence, state: State, moments: dict[str, Any]
) -> None:
    row = replace(SENDING, state=before, reason="before")
    risen = freed(row, state, reason=None, sent_at=TOLD_AT, **moments)
    assert apply_receipt(row, word(evidence), ENDED_AT) == risen


@pytest.mark.requirement("S6")
def test_what_was_noted_first_stays() -> None:
    delivered = replace(SENDING, state=State.DELIVERED, lease=None, sent_at=NOW, delivered_at=NOW + SOON / 2)
    read = replace(delivered, state=State.READ, changed_at=ENDED_AT, read_at=TOLD_AT)
    assert apply_receipt(delivered, word(Evidence.READ), ENDED_AT) == read


@pytest.mark.requirement("S6")
@pytest.mark.parametrize(
    ("state", "evidence"),
    [
        (State.SENT, Evidence.ACCEPTED),
        (State.DELIVERED, Evidence.DELIVERED),
        (State.READ, Evidence.DELIVERED),
        (State.HANDED_OVER, Evidence.READ),
        (State.SENDING, Evidence.REJECTED),
        (State.FAILED, Evidence.REJECTED),
    ],
)
def test_a_word_that_tells_nothing_new_changes_nothing(state: State, evidence: Evidence) -> None:
    assert apply_receipt(replace(SENDING, state=state), word(evidence, 400), ENDED_AT) is None


@pytest.mark.requirement("Q4")
def test_a_refusal_after_the_doubt_began_settles_it_with_its_code() -> None:
    doubted = replace(SENDING, state=State.IN_DOUBT, lease=None, doubted_at=NOW, reason="ack_timeout")
    failed = replace(doubted, state=State.FAILED, reason="refused:479", changed_at=ENDED_AT)
    assert apply_receipt(doubted, word(Evidence.REJECTED, 479), ENDED_AT) == failed
