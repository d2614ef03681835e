"""Attempt recorder: whole rows after the end of an attempt and the start of the next."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.attempt import Accepted, InDoubt, Rejected, RejectionKind
from app.domain.contact import Contact
from app.domain.lease import Lease
from app.domain.notification import UNREADABLE, Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import Eligibility
from app.domain.retry_policy import RetryPolicy
from app.domain.stage_policy import TIME_TO_LIVE
from app.ports.store import Rows
from app.services.notifications.attempt_recorder import AttemptRecorder, FinishedAttempt, StartedAttempt
from app.services.notifications.suppression import suppress_if_superseded
from app.services.rate_limits.provider_limits_record import ProviderLimitsSnapshot, load_provider_limits
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_identities import first_identity
from tests.simulators.memory_store import MemoryStore

TICK = timedelta(microseconds=1)
MINE, END = Lease("me", NOW + LATER), NOW + SOON
ANYBODY = Eligibility(MAIN)
PREPARING = NotificationType.PREPARING
LEDGER = AttemptRecorder("me", lambda: QueuePolicy(retry=RetryPolicy(max_retries=0)), MAIN)
SENDING = owed(
    state=State.SENDING, lease=MINE, attempts=1, sending_at=NOW, on_wire_at=NOW, changed_at=NOW, seq=1
)
OPTED_OUT = OptOut(NOW, OptOutSource.CUSTOMER)


def shop_with(*rows: Notification, opted_out: bool = False) -> Asked:
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
    known = KnownNumber(ANA, WhatsAppAccount("5573999998537@s.whatsapp.net"), NOW)
    asked.transact(lambda kept: kept.numbers.save(known))
    if opted_out:
        asked.transact(lambda kept: kept.opt_outs.add(ANA, OPTED_OUT))
    return asked


def kept(asked: Asked, row: Notification) -> Notification | None:
    return asked.read(lambda rows: rows.notifications.get(row.id))


def begin(asked: Asked, row: Notification, eligible: Eligibility = ANYBODY) -> StartedAttempt | None:
    def work(rows: Rows) -> list[StartedAttempt]:
        return LEDGER.begin(rows, [rows.notifications.get(row.id) or row], eligible, NOW)

    return next(iter(asked.transact(work)), None)


def settle(asked: Asked, end: Any, restraint: ProviderLimitsSnapshot | None = None) -> Notification | None:
    ended = FinishedAttempt(SENDING.id, end, restraint)
    return next(iter(asked.transact(lambda rows: LEDGER.settle(rows, [ended], END))), None)


@pytest.mark.parametrize(
    ("contact", "cold"), [(None, True), (Contact(MAIN), True), (Contact(MAIN, first_sent_at=NOW), False)]
)
def test_attempt_begins_under_its_lease_and_says_whether_it_is_the_first(
    contact: Contact | None, *, cold: bool
) -> None:
    row = owed(lease=MINE, attempts=1, changed_at=NOW - SOON, reason="transient", seq=1)
    asked = shop_with(row)
    if contact:
        asked.transact(lambda rows: rows.contacts.save(ANA, contact))
    begun = replace(row, state=State.SENDING, attempts=2, sending_at=NOW, changed_at=NOW, reason=None)
    sent_before = bool(contact and contact.first_sent_at)
    assert begin(asked, row) == StartedAttempt(begun, cold, sent_before)
    assert kept(asked, row) == begun


@pytest.mark.requirement("Z1")
def test_a_row_that_reads_as_failed_is_let_go_and_told() -> None:
    row = owed(lease=MINE, state=State.FAILED, reason=UNREADABLE, seq=1)
    asked = shop_with(row)
    failed = replace(row, lease=None, changed_at=NOW)
    assert begin(asked, row) == StartedAttempt(failed, cold=False)
    assert kept(asked, row) == failed


@pytest.mark.parametrize("changes", [{"lease": None}, {"reason": "refused"}, {"state": State.SENT}])
def test_a_row_that_ended_otherwise_is_left_as_it_is(changes: dict[str, Any]) -> None:
    row = replace(owed(lease=MINE, state=State.FAILED, reason=UNREADABLE, seq=1), **changes)
    asked = shop_with(row)
    assert begin(asked, row) is None
    assert kept(asked, row) == row


@pytest.mark.parametrize("state", [State.DELIVERED, State.FAILED])
def test_settle_leaves_a_row_unchanged_when_it_has_ended_already(state: State) -> None:
    ended = replace(SENDING, state=state, lease=None)
    asked = shop_with(ended)
    assert settle(asked, Accepted(NOW + TICK)) == ended == kept(asked, ended)


@pytest.mark.requirement("Q9")
@pytest.mark.parametrize("sent_before", [False, True])
def test_settle_records_the_first_message_unless_one_is_recorded(*, sent_before: bool) -> None:
    asked = shop_with(SENDING)
    ended = FinishedAttempt(SENDING.id, Accepted(NOW + TICK), None, sent_before)
    asked.transact(lambda rows: LEDGER.settle(rows, [ended], END))
    known = asked.read(lambda rows: rows.contacts.get(ANA))
    assert known == (None if sent_before else Contact(MAIN, first_sent_at=NOW))


@pytest.mark.requirement("Q4")
def test_settle_saves_and_returns_several_ends_in_their_order() -> None:
    other = owed("o2", phone=BIA, state=State.SENDING, lease=MINE, attempts=1, sending_at=NOW, seq=2)
    asked = shop_with(SENDING, other)
    ends = [
        FinishedAttempt(other.id, Rejected(RejectionKind.REFUSED), None),
        FinishedAttempt(SENDING.id, Accepted(NOW), None),
    ]
    settled = asked.transact(lambda rows: LEDGER.settle(rows, ends, END))
    assert [(row.id, row.state) for row in settled] == [(other.id, State.FAILED), (SENDING.id, State.SENT)]
    assert settled == [kept(asked, other), kept(asked, SENDING)]


@pytest.mark.requirement("X2")
def test_begin_leaves_a_row_unchanged_when_its_customer_is_capped() -> None:
    row = owed(lease=MINE, seq=1)
    asked = shop_with(row)
    assert begin(asked, row, Eligibility(MAIN, capped_customers=frozenset({first_identity(BIA)}))) is not None
    asked = shop_with(row)
    assert begin(asked, row, Eligibility(MAIN, capped_customers=frozenset({first_identity(ANA)}))) is None
    assert kept(asked, row) == row


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(
    ("age", "repeats", "stale"),
    [(TIME_TO_LIVE, 0, False), (TIME_TO_LIVE + TICK, 0, True), (TIME_TO_LIVE + TICK, 1, True)],
)
def test_what_has_become_old_news_is_kept_back_free_and_says_since_when(
    age: timedelta, repeats: int, *, stale: bool
) -> None:
    row = owed(lease=MINE, stage_at=NOW - age, repeats=repeats, seq=1)
    asked = shop_with(row)
    begun = begin(asked, row)
    assert begun is not None
    over: dict[str, Any] = {"state": State.SUPPRESSED, "reason": Suppression.STALE, "lease": None}
    if stale:
        assert begun.notification == replace(row, changed_at=NOW, **over) == kept(asked, row)
    else:
        assert begun.notification.state is State.SENDING


@pytest.mark.requirement("X1")
def test_a_customer_who_opted_out_since_is_not_begun_with() -> None:
    row = owed(lease=MINE, seq=1)
    asked = shop_with(row, opted_out=True)
    begun = begin(asked, row)
    over: dict[str, Any] = {"state": State.SUPPRESSED, "reason": Suppression.OPTED_OUT, "lease": None}
    assert begun is not None
    assert begun.notification == replace(row, changed_at=NOW, **over) == kept(asked, row)


@pytest.mark.requirement("Q4")
def test_doubt_makes_the_ratchet_suspect_and_an_earlier_receipt_does_not() -> None:
    asked = shop_with(SENDING)
    doubted: dict[str, Any] = {"state": State.IN_DOUBT, "reason": "ack_timeout", "lease": None}
    assert settle(asked, InDoubt("ack_timeout")) == replace(
        SENDING, doubted_at=END, changed_at=END, **doubted
    )
    assert [known.phone for known in asked.read(lambda rows: rows.numbers.suspects(MAIN))] == [ANA]
    delivered = replace(SENDING, state=State.DELIVERED, sent_at=NOW)
    asked = shop_with(delivered)
    assert settle(asked, InDoubt("ack_timeout")) == replace(delivered, lease=None) == kept(asked, delivered)
    assert asked.read(lambda rows: rows.numbers.suspects(MAIN)) == []


def test_an_end_that_comes_after_another_doubt_makes_no_ratchet_suspect() -> None:
    asked = shop_with(replace(SENDING, state=State.IN_DOUBT, doubted_at=NOW))
    settle(asked, Rejected(RejectionKind.REFUSED))
    assert asked.read(lambda rows: rows.numbers.suspects(MAIN)) == []


def test_what_was_sent_makes_its_customer_known_and_keeps_the_paces_lesson() -> None:
    asked, lesson = shop_with(SENDING), ProviderLimitsSnapshot(refused=2)
    sent = replace(SENDING, state=State.SENT, sent_at=NOW + TICK, changed_at=END, lease=None)
    assert settle(asked, Accepted(NOW + TICK), lesson) == sent == kept(asked, SENDING)
    assert asked.read(lambda rows: rows.contacts.get(ANA)) == Contact(MAIN, first_sent_at=NOW)
    assert asked.read(lambda rows: load_provider_limits(rows, MAIN)) == lesson


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("end", [InDoubt("ack_timeout"), Rejected(RejectionKind.TOO_LATE)])
def test_what_would_wait_for_a_customer_who_opted_out_since_is_kept_back(end: Any) -> None:
    asked = shop_with(SENDING, opted_out=True)
    settled = settle(asked, end)
    assert settled is not None
    assert (settled.state, settled.reason) == (State.SUPPRESSED, Suppression.OPTED_OUT)
    assert (settled.changed_at, settled.lease) == (END, None)


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize(
    ("changes", "gives_way"),
    [
        ({"state": State.PENDING}, True),
        ({"state": State.IN_DOUBT}, True),
        ({"state": State.SENT}, False),
        ({"state": State.PENDING, "occurrence": 2}, False),
        ({"state": State.SENT, "order_id": None}, False),
        ({"state": State.PENDING, "order_id": None}, False),
    ],
)
def test_only_a_waiting_row_said_before_is_superseded_by_a_later_stage(
    changes: dict[str, Any], *, gives_way: bool
) -> None:
    row = replace(owed("o1", PREPARING, lease=MINE, seq=1), **changes)
    asked = shop_with(row, owed("o1", seq=2))
    over: dict[str, Any] = {"state": State.SUPPRESSED, "reason": Suppression.SUPERSEDED, "lease": None}
    given = asked.transact(lambda rows: suppress_if_superseded(rows, row, END))
    assert given == (replace(row, changed_at=END, **over) if gives_way else row)
    assert kept(asked, row) == row


def test_without_a_later_stage_nothing_gives_way() -> None:
    row = owed("o1", seq=1)
    asked = shop_with(row, owed("o1", PREPARING, seq=2), owed("o2", phone=BIA, seq=3))
    assert asked.transact(lambda rows: suppress_if_superseded(rows, row, END)) == row
