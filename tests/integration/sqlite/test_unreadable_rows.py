"""What each kind of row is taken for while one of its cells does not read (Z1)."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.contact import Contact
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import MessageId
from app.domain.notification import UNREADABLE, Notification, State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order import NotificationType
from app.domain.phone import NO_PHONE
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, ME, NOW, SOON, Asked, owed
from tests.contracts.store_contract import Keeping
from tests.harness.every_notification import in_state
from tests.harness.opened_store import open_training_store

pytestmark = pytest.mark.requirement("Z1")
ORDER = Keeping.ORDER
GARBAGE = "zeroblob(40)"


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[Asked]:
    opened = Asked(open_training_store(tmp_path))
    yield opened
    asyncio.run(opened.store.close())


def spoil(folder: Path, table: str, **cells: str) -> None:
    """Set these columns of the only row to what the SQL says."""
    changes = ", ".join(f"{column} = {value}" for column, value in cells.items())
    with closing(sqlite3.connect(folder / "coco.db")) as connection, connection:
        assert connection.execute(f"UPDATE {table} SET {changes}").rowcount == 1  # noqa: S608 - ours


def row_of(asked: Asked) -> Notification:
    row = asked.read(lambda rows: rows.notifications.get(owed().id))
    assert row is not None
    return row


def test_order_keeps_its_other_facts_when_its_items_do_not_open(asked: Asked, tmp_path: Path) -> None:
    asked.keep_orders(ORDER)
    spoil(tmp_path, "orders", items=GARBAGE, table_number="x'ff'")
    kept = replace(ORDER, items=(), table_number=None)
    assert asked.read(lambda rows: (rows.orders.get(ORDER.id), *rows.orders.latest(9))) == (kept, kept)


def test_order_is_not_known_when_its_total_does_not_read(asked: Asked, tmp_path: Path) -> None:
    asked.keep_orders(ORDER)
    spoil(tmp_path, "orders", total_amount="'1O'")
    assert asked.read(lambda rows: rows.orders.get(ORDER.id)) is None
    asked.keep_orders(ORDER)
    assert asked.read(lambda rows: rows.orders.get(ORDER.id)) == ORDER


@pytest.mark.parametrize(
    ("moments", "state"),
    [
        ({}, State.FAILED),
        ({"sent_at": NOW}, State.SENT),
        ({"sent_at": NOW, "delivered_at": NOW}, State.DELIVERED),
        ({"sent_at": NOW, "delivered_at": NOW, "read_at": NOW}, State.READ),
    ],
)
def test_row_in_no_known_state_is_what_its_receipts_prove(
    asked: Asked, tmp_path: Path, moments: dict[str, Any], state: State
) -> None:
    asked.add(owed(**moments))
    spoil(tmp_path, "whatsapp_notifications", state="'penting'")
    (place,) = asked.read(lambda rows: rows.notifications.unreadable())
    (ended,) = asked.transact(lambda rows: rows.notifications.end_unreadable([place], NOW + LATER))
    assert (ended.state, ended.changed_at, ended.lease) == (state, NOW + LATER, None)
    assert ended.reason == (UNREADABLE if state is State.FAILED else None)
    assert row_of(asked) == ended
    assert asked.read(lambda rows: rows.notifications.unreadable()) == []


@pytest.mark.parametrize(
    "cells",
    [
        {"scheduled_at": "'soon'"},
        {"lease_until": "'soon'", "lease_owner": "'me'"},
        {"lease_until": "NULL", "lease_owner": "'me'"},
        {"attempts": "'many'"},
        {"attempts": "-126"},
        {"attempts": "9223372036854775807"},
        {"created_at": "1 << 62"},
        {"phone_index": "'x'"},
    ],
    ids=str,
)
def test_row_that_would_wait_for_ever_ends_as_unreadable(
    asked: Asked, tmp_path: Path, cells: dict[str, str]
) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", **cells)
    read = row_of(asked)
    assert (read.state, read.reason) == (State.FAILED, UNREADABLE)
    assert asked.read(lambda rows: in_state(rows, State.PENDING)) == []
    places = asked.read(lambda rows: rows.notifications.unreadable())
    asked.transact(lambda rows: rows.notifications.end_unreadable(places, NOW))
    assert asked.read(lambda rows: rows.notifications.counts()) == {MAIN: {State.FAILED: 1}}
    (untold,) = asked.read(lambda rows: rows.notifications.untold([ORDER.id]))
    assert (untold.order_id, untold.type, untold.state) == (ORDER.id, NotificationType.READY, State.FAILED)


def test_row_whose_id_does_not_read_gets_the_id_that_its_order_makes(asked: Asked, tmp_path: Path) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", id="x'ff'")
    assert asked.read(lambda rows: rows.notifications.get(owed().id)) is None
    places = asked.read(lambda rows: rows.notifications.unreadable())
    (ended,) = asked.transact(lambda rows: rows.notifications.end_unreadable(places, NOW))
    assert (ended.id, ended.state, ended.phone, ended.text) == (owed().id, State.FAILED, ANA, owed().text)


def test_row_whose_id_does_not_read_does_not_stand_before_the_next(asked: Asked, tmp_path: Path) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", id="x'ff'")
    asked.add(owed("o2", phone=BIA))
    assert [asked.lease(limit=1), asked.lease(limit=1)] == [[], ["o2"]]


@pytest.mark.parametrize("spelling", ["upper(id)", "substr(id, 1, 8) || '-' || substr(id, 9)"])
def test_row_whose_id_is_spelt_differently_does_not_block_the_others(
    asked: Asked, tmp_path: Path, spelling: str
) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", id=spelling)
    asked.add(owed("o2", phone=BIA))
    assert asked.lease() == ["o2"]
    places = asked.read(lambda rows: rows.notifications.unreadable())
    (ended,) = asked.transact(lambda rows: rows.notifications.end_unreadable(places, NOW))
    assert (ended.id, ended.state, ended.text) == (owed().id, State.FAILED, owed().text)
    assert row_of(asked) == ended


@pytest.mark.parametrize(
    "cells", [{"lease_owner": "x'ff'"}, {"lease_owner": "'me'"}, {"lease_until": "1", "lease_owner": "7"}]
)
def test_row_with_a_broken_lease_goes_out_when_it_is_due(
    asked: Asked, tmp_path: Path, cells: dict[str, str]
) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", **cells)
    assert asked.lease() == [owed().order_id]


def test_row_without_any_trace_of_its_id_gets_a_new_one_and_stays_listed(
    asked: Asked, tmp_path: Path
) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", id="x'ff'", notification_type="'redy'")
    places = asked.read(lambda rows: rows.notifications.unreadable())
    (ended,) = asked.transact(lambda rows: rows.notifications.end_unreadable(places, NOW))
    assert (ended.phone, ended.text, ended.state) == (NO_PHONE, "", State.FAILED)
    assert [row.id for row in asked.read(lambda rows: rows.notifications.of_order(ORDER.id))] == [ended.id]
    (untold,) = asked.read(lambda rows: rows.notifications.untold([ORDER.id]))
    assert (untold.order_id, untold.type) == (ORDER.id, NotificationType.CUSTOM)


def test_row_of_an_unreadable_type_is_the_message_that_its_id_names(asked: Asked, tmp_path: Path) -> None:
    asked.add(owed())
    spoil(tmp_path, "whatsapp_notifications", notification_type="'redy'")
    assert row_of(asked).type is NotificationType.READY
    assert asked.add(owed()) == []


def test_row_that_may_have_left_is_never_taken_for_one_that_cannot(asked: Asked, tmp_path: Path) -> None:
    asked.add(owed(state=State.SENDING, sending_at=NOW, lease=ME))
    spoil(tmp_path, "whatsapp_notifications", sending_at="'now'")
    assert row_of(asked).sending_at is not None


def test_opt_out_stands_when_its_row_does_not_read(asked: Asked, tmp_path: Path) -> None:
    asked.transact(lambda rows: rows.opt_outs.add(ANA, OptOut(NOW, OptOutSource.CUSTOMER, reason="pediu")))
    cells = {"source": "'custumer'", "undone_at": "'never'", "opted_out_at": "1 << 62", "reason": GARBAGE}
    spoil(tmp_path, "whatsapp_opt_outs", **cells, confirmation_id="x'ff'", id="x'ff'")
    standing = asked.read(lambda rows: rows.opt_outs.in_force(ANA))
    assert standing is not None
    assert (standing.confirmation_id, standing.undone_at, standing.reason) == (None, None, None)
    asked.transact(lambda rows: rows.opt_outs.undo(ANA, NOW, OptOutSource.MANAGER, "voltou"))
    assert asked.read(lambda rows: rows.opt_outs.in_force(ANA)) is None
    (ended,) = asked.read(lambda rows: rows.opt_outs.history(ANA))
    assert (ended.undone_by, ended.undo_reason) == (OptOutSource.MANAGER, "voltou")


@pytest.mark.parametrize(
    "cells", [{"account": GARBAGE}, {"phone": GARBAGE}, {"checked_at": "'x'"}, {"id": "x'ff'"}]
)
def test_number_that_does_not_read_is_not_known_until_it_is_saved_again(
    asked: Asked, tmp_path: Path, cells: dict[str, str]
) -> None:
    known = KnownNumber(ANA, WhatsAppAccount("1@s", "1@lid"), NOW)
    asked.transact(lambda rows: rows.numbers.save(known))
    spoil(tmp_path, "whatsapp_numbers", **cells)
    assert asked.read(lambda rows: rows.numbers.get(ANA)) is None
    asked.transact(lambda rows: rows.numbers.save(known))
    assert asked.read(lambda rows: rows.numbers.get(ANA)) == known


def test_number_keeps_its_row_id_when_it_is_saved_again(asked: Asked, tmp_path: Path) -> None:
    ids = set()
    for at in (NOW, NOW + SOON):
        asked.transact(lambda rows, at=at: rows.numbers.save(KnownNumber(ANA, None, at)))  # type: ignore[misc]
        with closing(sqlite3.connect(tmp_path / "coco.db")) as connection:
            ids |= set(connection.execute("SELECT id FROM whatsapp_numbers").fetchall())
    assert len(ids) == 1


def test_reply_that_does_not_open_is_unreadable_until_it_comes_again(asked: Asked, tmp_path: Path) -> None:
    reply = CustomerReply(MessageId("3A"), MAIN, ANA, "text", "oi", NOW, live=True, order_id=ORDER.id)
    asked.transact(lambda rows: rows.replies.keep(reply))
    spoil(tmp_path, "whatsapp_inbound", content=GARBAGE)
    (kept,) = asked.read(lambda rows: rows.replies.of_order(ORDER.id))
    assert (kept.kind, kept.text, kept.phone) == ("unreadable", None, ANA)
    assert asked.transact(lambda rows: rows.replies.keep(reply))
    assert asked.read(lambda rows: rows.replies.of_order(ORDER.id)) == [reply]


def test_reply_that_hardly_reads_is_passed_over_and_comes_again(asked: Asked, tmp_path: Path) -> None:
    reply = CustomerReply(MessageId("3A"), MAIN, ANA, "text", "oi", NOW, live=True, order_id=ORDER.id)
    asked.transact(lambda rows: rows.replies.keep(reply))
    spoil(tmp_path, "whatsapp_inbound", received_at="'x'", id="x'ff'")
    assert asked.read(lambda rows: rows.replies.of_order(ORDER.id)) == []
    assert asked.transact(lambda rows: rows.replies.keep(reply))
    assert asked.read(lambda rows: rows.replies.of_order(ORDER.id)) == [reply]


def test_contact_whose_moments_do_not_read_is_no_stranger(asked: Asked, tmp_path: Path) -> None:
    asked.transact(lambda rows: rows.contacts.save(ANA, Contact(MAIN, first_sent_at=NOW)))
    spoil(tmp_path, "whatsapp_contacts", told_at="'x'")
    contact = asked.read(lambda rows: rows.contacts.get(ANA))
    assert contact is not None
    assert contact.known
    assert asked.read(lambda rows: rows.contacts.strangers_told_since(MAIN, NOW)) == []
    assert asked.read(lambda rows: rows.contacts.first_told_at(MAIN)) is None


def test_a_cell_is_reported_once_however_often_it_is_read(
    asked: Asked, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    asked.keep_orders(ORDER)
    spoil(tmp_path, "orders", items=GARBAGE)
    told: list[str] = []
    asked.store.on_unreadable(told.append)
    for _ in range(3):
        asked.read(lambda rows: rows.orders.get(ORDER.id))
        asked.transact(lambda rows: rows.orders.latest(9))
    assert told == ["orders"]
    (record,) = [each for each in caplog.records if each.msg == "row_unreadable"]
    assert (vars(record)["table"], vars(record)["column"]) == ("orders", "items")


@pytest.mark.parametrize(
    ("column", "value"), [("seconds", "'x'"), ("seen_at", "'x'"), ("seen_at", "1 << 62")]
)
def test_chat_timer_that_does_not_read_counts_as_none_until_the_next(
    asked: Asked, tmp_path: Path, column: str, value: str
) -> None:
    asked.transact(lambda rows: rows.chat_timers.record(MAIN, ANA, 86_400, NOW))
    spoil(tmp_path, "whatsapp_chat_timers", **{column: value})
    assert asked.read(lambda rows: rows.chat_timers.seconds_of(MAIN, ANA)) == 0
    asked.transact(lambda rows: rows.chat_timers.record(MAIN, ANA, 604_800, NOW))
    assert asked.read(lambda rows: rows.chat_timers.seconds_of(MAIN, ANA)) == 604_800
