"""Enqueue: every field of the new row and of the rows that it supersedes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.errors import OptedOutError
from app.domain.identifiers import OrderId, notification_id
from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.priority import priority_of
from app.services.notifications.enqueue import enqueue
from app.services.notifications.records import EnqueueResult, QueuedNotification
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.seeded_entropy import SeededEntropy

VAULT = KeyRingVault(new_key_ring(SeededEntropy()), SeededEntropy())
ORDER, PREPARING, READY = OrderId("o1"), NotificationType.PREPARING, NotificationType.READY
ID = notification_id(ORDER, READY, 1)


def queued(**changes: Any) -> QueuedNotification:
    due = QueuedNotification(
        id=ID,
        order_id=ORDER,
        customer_phone=ANA,
        message="Pronto!",
        notification_type=READY,
        scheduled_at=NOW + SOON,
        session_id=MAIN,
        stage_at=NOW - LATER,
    )
    return replace(due, **changes)


def placed_row(**changes: Any) -> Notification:
    row = Notification(
        id=ID,
        order_id=ORDER,
        type=READY,
        occurrence=1,
        session_id=MAIN,
        phone=ANA,
        text="Pronto!",
        message_id=VAULT.message_id(ID),
        created_at=NOW,
        scheduled_at=NOW + SOON,
        stage_at=NOW - LATER,
        priority=priority_of(READY),
        seq=1,
    )
    return replace(row, **changes)


def shop_with(*rows: Notification) -> Asked:
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
    return asked


def put(asked: Asked, wanted: QueuedNotification, *, by_person: bool = False, at: Any = NOW) -> EnqueueResult:
    return asked.transact(lambda rows: enqueue(rows, VAULT, wanted, at, by_person=by_person))


def kept(asked: Asked) -> Sequence[Notification]:
    return asked.read(lambda rows: rows.notifications.of_order(ORDER))


def opt_out(asked: Asked) -> None:
    asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(NOW, OptOutSource.CUSTOMER)))


@pytest.mark.requirement("A2")
def test_a_new_message_waits_with_all_that_it_was_queued_with() -> None:
    asked = shop_with()
    assert put(asked, queued()) == EnqueueResult(placed_row(), is_new=True)
    assert kept(asked) == [placed_row()]


def test_a_message_without_an_order_overtakes_nothing() -> None:
    asked = shop_with(owed("o1", PREPARING))
    placed = put(asked, queued(order_id=None, occurrence=7, notification_type=NotificationType.REPLY))
    row = placed_row(order_id=None, occurrence=7, type=NotificationType.REPLY, priority=0, seq=2)
    assert placed == EnqueueResult(row, is_new=True)


@pytest.mark.requirement("A3")
def test_suppressed_row_says_since_when_and_why_and_supersedes_nothing() -> None:
    asked = shop_with(owed("o1", PREPARING))
    placed = put(asked, queued(suppressed=Suppression.STALE))
    stale = placed_row(state=State.SUPPRESSED, reason=Suppression.STALE, changed_at=NOW, seq=2)
    assert placed == EnqueueResult(stale, is_new=True)


@pytest.mark.requirement("X1")
def test_message_to_a_customer_who_opted_out_is_suppressed_from_the_start() -> None:
    asked = shop_with()
    opt_out(asked)
    kept_back = placed_row(state=State.SUPPRESSED, reason=Suppression.OPTED_OUT, changed_at=NOW)
    assert put(asked, queued()) == EnqueueResult(kept_back, is_new=True)


@pytest.mark.requirement("X1")
def test_request_for_a_customer_who_opted_out_is_refused_and_not_queued() -> None:
    asked = shop_with()
    opt_out(asked)
    with pytest.raises(OptedOutError):
        put(asked, queued(), by_person=True)
    assert kept(asked) == []


@pytest.mark.requirement("A3")
@pytest.mark.parametrize("state", [State.PENDING, State.IN_DOUBT])
def test_an_earlier_stage_that_has_not_arrived_is_let_go_without_its_lease(state: State) -> None:
    earlier = owed("o1", PREPARING, state=state, lease=Lease("me", NOW + LATER), reason="before", seq=1)
    asked = shop_with(earlier)
    placed = put(asked, queued())
    changes: dict[str, Any] = {"lease": None, "changed_at": NOW}
    late = replace(earlier, state=State.SUPPRESSED, reason=Suppression.SUPERSEDED, **changes)
    assert placed == EnqueueResult(placed_row(seq=2), is_new=True, superseded=(late,))
    assert kept(asked) == [late, placed_row(seq=2)]


@pytest.mark.requirement("A2")
def test_the_same_message_again_changes_nothing() -> None:
    asked = shop_with()
    put(asked, queued())
    assert put(asked, queued(message="Outra"), by_person=True, at=NOW + LATER) == EnqueueResult(
        placed_row(), False
    )
    assert kept(asked) == [placed_row()]


@pytest.mark.requirement("A2")
@pytest.mark.parametrize("state", [State.SUPPRESSED, State.CANCELLED])
def test_click_revives_what_never_left_with_present_words_and_number(state: State) -> None:
    asked = shop_with(placed_row(state=state, reason="before", changed_at=NOW))
    at, due, reached = NOW + LATER, NOW + 2 * LATER, NOW + LATER + SOON
    again = queued(message="Corrigida", customer_phone=BIA, scheduled_at=due, stage_at=reached)
    moments = {"scheduled_at": due, "stage_at": reached, "changed_at": at}
    revived = placed_row(state=State.PENDING, reason=None, text="Corrigida", phone=BIA, **moments)
    assert put(asked, again, by_person=True, at=at) == EnqueueResult(revived, is_new=True)
    assert kept(asked) == [revived]


@pytest.mark.requirement("A3")
def test_a_revived_message_overtakes_as_a_new_one_does() -> None:
    earlier = owed("o1", PREPARING, seq=1)
    asked = shop_with(earlier, placed_row(state=State.CANCELLED, seq=2))
    at = NOW + LATER
    placed = put(asked, queued(), by_person=True, at=at)
    late = replace(earlier, state=State.SUPPRESSED, reason=Suppression.SUPERSEDED, changed_at=at)
    assert placed.superseded == (late,)


@pytest.mark.requirement("C4")
@pytest.mark.parametrize("state", [State.PENDING, State.CANCELLED])
@pytest.mark.parametrize("kind", [NotificationType.REPLY, NotificationType.CUSTOM])
def test_click_queues_a_persons_own_text_once(kind: NotificationType, state: State) -> None:
    row = placed_row(type=kind, state=state)
    asked = shop_with(row)
    again = queued(notification_type=kind, message="")
    assert put(asked, again, by_person=True) == EnqueueResult(row, is_new=False)
    assert kept(asked) == [row]


@pytest.mark.parametrize(
    "row",
    [
        placed_row(state=State.CANCELLED, sending_at=NOW),
        placed_row(state=State.SUPPRESSED, text=""),
        placed_row(state=State.FAILED),
        placed_row(state=State.IN_DOUBT),
    ],
    ids=["may have left", "retention over", "failed", "in doubt"],
)
def test_a_click_revives_nothing_else(row: Notification) -> None:
    asked = shop_with(row)
    assert put(asked, queued(message="Outra"), by_person=True) == EnqueueResult(row, is_new=False)
    assert kept(asked) == [row]


@pytest.mark.requirement("A2", "Z1")
def test_place_adds_nothing_where_the_message_stands_under_another_id() -> None:
    broken = placed_row(id=notification_id(OrderId("other"), READY, 1))
    asked = shop_with(broken)
    placed = put(asked, queued())
    assert (placed.is_new, placed.notification.id) == (False, queued().id)
    assert kept(asked) == [broken]


def test_only_a_person_revives() -> None:
    cancelled = placed_row(state=State.CANCELLED)
    asked = shop_with(cancelled)
    assert put(asked, queued(message="Outra")) == EnqueueResult(cancelled, is_new=False)


@pytest.mark.requirement("P2")
def test_a_click_has_whatsapp_asked_again_about_a_number_it_did_not_know() -> None:
    for reason, asked_anew in ((Suppression.NOT_ON_WHATSAPP, True), (Suppression.STALE, False)):
        asked = shop_with(placed_row(state=State.SUPPRESSED, reason=reason))
        known = KnownNumber(ANA, WhatsAppAccount("5573@s.whatsapp.net"), NOW)
        asked.transact(lambda rows, known=known: rows.numbers.save(known))  # type: ignore[misc]
        at = NOW + LATER
        put(asked, queued(), by_person=True, at=at)
        forgotten = KnownNumber(ANA, None, at - timedelta(days=1))
        assert asked.read(lambda rows: rows.numbers.get(ANA)) == (forgotten if asked_anew else known)
        assert not forgotten.fresh_at(at)
