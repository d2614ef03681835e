"""Rescuer: a dead process's leases are released, its sending rows are in doubt; rows whole."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.events import Event, NotificationChanged
from app.domain.identifiers import SessionId
from app.domain.lease import Lease
from app.domain.notification import Notification, State, Suppression
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.services.event_bus import EventBus
from app.services.notifications.rescuer import Rescuer
from app.services.notifications.suppression import suppress_all_of
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.simulators.memory_store import MemoryStore
from tests.simulators.moved_clock import MovedClock

pytestmark = pytest.mark.requirement("Q5")

DEAD, ALIVE = Lease("dead", NOW + LATER), Lease("alive", NOW + LATER)
SENDING: dict[str, Any] = {
    "state": State.SENDING,
    "sending_at": NOW - SOON,
    "on_wire_at": NOW - SOON,
    "attempts": 1,
}


def shop_with(*rows: Notification) -> Asked:
    asked = Asked(MemoryStore())
    for row in rows:
        asked.add(row)
        asked.save(row)
        account = WhatsAppAccount(f"{row.phone.text[1:]}@s.whatsapp.net")
        known = KnownNumber(row.phone, account, NOW)
        asked.transact(lambda kept, known=known: kept.numbers.save(known))  # type: ignore[misc]
    return asked


def rescued(asked: Asked) -> tuple[list[Notification], list[Event]]:
    """What a start at NOW makes of it, and what it tells."""
    bus, events = EventBus(), list[Event]()
    bus.subscribe(Event, events.append)
    rescuer = Rescuer(asked.store, bus, MovedClock(NOW), lambda owner: owner == "alive")
    return list(asyncio.run(rescuer.rescue())), events


def kept(asked: Asked, row: Notification) -> Notification | None:
    return asked.read(lambda rows: rows.notifications.get(row.id))


def suspects(asked: Asked, session_id: SessionId = MAIN) -> list[object]:
    return [known.phone for known in asked.read(lambda rows: rows.numbers.suspects(session_id))]


def test_what_a_dead_process_had_not_begun_only_loses_its_lease() -> None:
    waiting = owed(lease=DEAD, changed_at=NOW - LATER, reason="transient", seq=1)
    asked = shop_with(waiting)
    free = replace(waiting, lease=None)
    assert rescued(asked) == ([free], [NotificationChanged(free)])
    assert kept(asked, waiting) == free
    assert suspects(asked) == []


def test_rescuer_puts_a_sending_row_in_doubt_now_and_suspects_its_ratchet() -> None:
    sending = owed(lease=DEAD, seq=1, **SENDING)
    asked = shop_with(sending)
    doubted: dict[str, Any] = {"state": State.IN_DOUBT, "reason": "owner_died", "lease": None}
    free = replace(sending, **doubted, doubted_at=NOW, changed_at=NOW)
    assert rescued(asked) == ([free], [NotificationChanged(free)])
    assert kept(asked, sending) == free
    assert suspects(asked) == [ANA]
    assert suspects(asked, SessionId("second")) == []


def test_what_a_living_process_holds_is_left_to_it() -> None:
    sending = owed(lease=ALIVE, seq=1, **SENDING)
    waiting = owed("o2", phone=BIA, lease=ALIVE, seq=2)
    asked = shop_with(sending, waiting)
    assert rescued(asked) == ([], [])
    assert (kept(asked, sending), kept(asked, waiting)) == (sending, waiting)


@pytest.mark.requirement("X1")
@pytest.mark.parametrize("changes", [{}, {**SENDING, "state": State.SENDING}], ids=["waiting", "sending"])
def test_of_a_customer_who_opted_out_since_nothing_waits_any_more(changes: dict[str, Any]) -> None:
    row = owed(lease=DEAD, seq=1, **changes)
    asked = shop_with(row)
    asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(NOW, OptOutSource.CUSTOMER)))
    free = replace(row, state=State.SUPPRESSED, reason=Suppression.OPTED_OUT, lease=None, changed_at=NOW)
    free = replace(free, doubted_at=NOW if changes else None)
    assert rescued(asked) == ([free], [NotificationChanged(free)])


@pytest.mark.requirement("Q4")
def test_what_a_later_stage_overtook_meanwhile_gives_way_to_it() -> None:
    row = owed("o1", NotificationType.PREPARING, lease=DEAD, seq=1, **SENDING)
    asked = shop_with(row, owed("o1", seq=2))
    free = replace(row, state=State.SUPPRESSED, reason=Suppression.SUPERSEDED, lease=None)
    free = replace(free, doubted_at=NOW, changed_at=NOW)
    assert rescued(asked) == ([free], [NotificationChanged(free)])


@pytest.mark.requirement("X1")
def test_opt_out_suppresses_what_waits_for_both_spellings_of_the_number() -> None:
    waiting = owed(lease=DEAD, seq=1)
    doubted = owed("o2", state=State.IN_DOUBT, doubted_at=NOW - SOON, reason="ack_timeout", seq=2)
    leaving = owed("o3", seq=3, **SENDING)
    others = owed("o4", phone=BIA, seq=4)
    asked = shop_with(waiting, doubted, leaving, others)
    asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(NOW, OptOutSource.CUSTOMER)))
    at = NOW + SOON
    over: dict[str, Any] = {"state": State.SUPPRESSED, "reason": Suppression.OPTED_OUT, "changed_at": at}
    suppressed = [replace(row, lease=None, **over) for row in (waiting, doubted)]
    assert asked.transact(lambda rows: suppress_all_of(rows, ANA, at)) == suppressed
    assert [kept(asked, row) for row in (waiting, doubted, leaving, others)] == [*suppressed, leaving, others]


@pytest.mark.requirement("X1")
def test_the_confirmation_alone_is_not_kept_back() -> None:
    confirmation, other = owed(seq=1), owed("o2", seq=2)
    asked = shop_with(confirmation, other)
    opt_out = OptOut(NOW, OptOutSource.CUSTOMER, confirmation_id=confirmation.id)
    asked.transact(lambda rows: rows.opt_outs.add(ANA, opt_out))
    changed = asked.transact(lambda rows: suppress_all_of(rows, ANA, NOW))
    assert [row.id for row in changed] == [other.id]
    assert kept(asked, confirmation) == confirmation
