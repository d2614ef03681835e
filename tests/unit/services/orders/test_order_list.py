"""Order list: tabs, order and search."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.identifiers import MessageId, OrderId, SessionId, notification_id
from app.domain.notification import Notification, State, Suppression
from app.domain.order import NotificationType, Order
from app.domain.phone import Phone
from app.domain.untold import UntoldMessage, UntoldStep
from app.services.orders.board_row import BoardRow, StageNotice, Step, board_row
from app.services.orders.order_list import OrderList, Tab
from app.services.orders.order_search import OrderSearch

NOW = datetime(2026, 1, 10, 15, tzinfo=UTC)


def order(number: int, status: str = "paid", **changes: object) -> Order:
    made = Order(
        id=OrderId(f"o{number}"),
        number=number,
        customer_name=f"Cliente {number}",
        customer_phone=f"+557399954{number:04d}",
        status=status,
        payment_status=None,
        total=Decimal(10),
        created_at=NOW + timedelta(seconds=number),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def row(
    of: Order, kind: NotificationType | None = None, state: State = State.SENT, reason: str = ""
) -> BoardRow:
    if kind is None:
        return board_row(of, "+55 73 9••••-0000", [])
    told = Notification(
        id=notification_id(of.id, kind, 1),
        order_id=of.id,
        type=kind,
        occurrence=1,
        session_id=SessionId("main"),
        phone=Phone(of.customer_phone),
        text="x",
        message_id=MessageId("m"),
        created_at=NOW,
        scheduled_at=NOW,
        state=state,
        reason=reason or None,
    )
    return board_row(of, "+55 73 9••••-0000", [StageNotice(told)])


def untold(order_id: str) -> UntoldMessage:
    return UntoldMessage(OrderId(order_id), NotificationType.READY, State.FAILED)


def listed(*rows: BoardRow) -> OrderList:
    orders = OrderList()
    for one in rows:
        orders.put(one)
    return orders


def test_each_order_stands_under_its_stage_and_under_all() -> None:
    statuses = ("paid", "in_preparation", "preparing", "ready", "completed", "cancelled", "pending", "odd")
    orders = listed(*(row(order(n, status)) for n, status in enumerate(statuses)))
    assert orders.ids(Tab.PREPARING) == ["o2", "o1"]
    assert orders.ids(Tab.ALL) == [f"o{n}" for n in reversed(range(8))]
    assert orders.counts() == {
        Tab.PAID: 1,
        Tab.PREPARING: 2,
        Tab.READY: 1,
        Tab.UNPAID: 1,
        Tab.DONE: 2,
        Tab.NOW: 5,
        Tab.UNTOLD: 0,
        Tab.ALL: 8,
    }


@pytest.mark.requirement("C3")
def test_order_whose_message_failed_is_listed_as_untold_until_it_is_told() -> None:
    ready, told = order(1, "ready"), NotificationType.READY
    orders = listed(row(ready, told, State.FAILED), row(order(2, "ready"), told))
    assert orders.ids(Tab.UNTOLD) == ["o1"]
    orders.put(row(ready, told, State.SENT))
    assert orders.ids(Tab.UNTOLD) == []


@pytest.mark.requirement("C3")
def test_a_failure_that_a_later_stage_has_overtaken_needs_nobody() -> None:
    overtaken = row(order(1, "ready"), NotificationType.PREPARING, State.FAILED)
    assert not overtaken.untold
    assert row(order(1, "paid"), NotificationType.PAYMENT_CONFIRMED, State.FAILED).untold


def test_what_was_left_unsent_on_purpose_is_not_untold() -> None:
    ready, kind = order(1, "ready"), NotificationType.READY
    for reason, untold in (
        (Suppression.NOT_ON_WHATSAPP, True),
        (Suppression.STALE, True),
        (Suppression.BEFORE_START, False),
        (Suppression.SUPERSEDED, False),
    ):
        assert row(ready, kind, State.SUPPRESSED, reason).untold is untold


def test_next_step_leads_from_stage_to_stage_and_a_failure_comes_first() -> None:
    steps = {
        "pending": Step.TAKE_PAYMENT,
        "paid": Step.START,
        "in_preparation": Step.TELL_READY,
        "ready": Step.COMPLETE,
        "completed": None,
        "odd": None,
    }
    assert {status: row(order(1, status)).next_step for status in steps} == steps
    failed = row(order(1, "paid"), NotificationType.PAYMENT_CONFIRMED, State.FAILED)
    assert (failed.next_step, failed.advance) == (UntoldStep.TRY_AGAIN, Step.START)


@pytest.mark.requirement("C5")
def test_order_list_groups_unfinished_orders_oldest_first_untold_on_top() -> None:
    statuses = ("paid", "ready", "completed", "in_preparation", "pending", "ready", "odd", "paid")
    orders = listed(*(row(order(n, status)) for n, status in enumerate(statuses)))
    orders.put(row(order(3, "in_preparation"), NotificationType.PREPARING, State.FAILED))
    assert list(orders.groups().values()) == [["o3"], ["o1", "o5"], [], ["o0", "o7"], ["o4"]]
    assert orders.ids(Tab.NOW) == ["o3", "o1", "o5", "o0", "o7", "o4"]
    assert orders.counts()[Tab.NOW] == len(orders.ids(Tab.NOW))
    assert [orders.group_of(OrderId(f"o{n}")) for n in (3, 5, 2)] == [Tab.UNTOLD, Tab.READY, None]


@pytest.mark.requirement("C5")
def test_order_list_puts_a_newcomer_at_the_end_of_its_group() -> None:
    orders = listed(*(row(order(n)) for n in (1, 2)))
    before = orders.ids(Tab.NOW)
    orders.put(row(order(3)))
    assert orders.ids(Tab.NOW) == [*before, "o3"]


@pytest.mark.requirement("C9")
def test_order_list_holds_a_completed_order_with_a_message_taken_back() -> None:
    done, ready = order(1, "completed"), NotificationType.READY
    orders = listed(row(done, ready, State.CANCELLED), row(order(2, "completed"), ready, State.FAILED))
    assert (orders.ids(Tab.UNTOLD), orders.ids(Tab.NOW)) == (["o1"], ["o1"])
    filled = OrderList()
    filled.fill([done.outline], [UntoldMessage(done.id, ready, State.CANCELLED)])
    assert filled.ids(Tab.NOW) == ["o1"]


def test_the_newest_of_two_orders_with_one_number_is_meant() -> None:
    orders = listed(row(order(7)), row(replace(order(8), number=7)))
    assert orders.numbered(7) == "o8"
    assert orders.numbered(9) is None


def test_orders_older_than_the_period_stay_out() -> None:
    today = OrderList(NOW)
    today.put(row(order(1, created_at=NOW - timedelta(seconds=1))))
    assert today.ids(Tab.ALL) == []


@pytest.mark.requirement("Z4")
def test_order_list_keeps_its_order_when_pages_come_after_changes() -> None:
    ready, kind = order(1, "ready"), NotificationType.READY
    orders = OrderList()
    orders.fill([order(9).outline, order(8).outline], [])
    orders.put(row(ready, kind, State.SENT))
    older = [order(n, "ready").outline for n in (5, 3)]
    orders.extend(older, [untold(older[1].id), untold("other")])
    orders.extend([ready.outline], [untold(ready.id)])
    assert orders.ids(Tab.ALL) == ["o9", "o8", "o5", "o3", "o1"]
    assert orders.ids(Tab.UNTOLD) == ["o3"]


@pytest.mark.requirement("Z4")
def test_order_list_sorts_anew_when_a_page_is_newer_than_a_change() -> None:
    orders = OrderList()
    orders.fill([order(9).outline], [])
    orders.put(row(order(1)))
    orders.extend([order(5).outline, order(3).outline], [])
    assert orders.ids(Tab.ALL) == ["o9", "o5", "o3", "o1"]


@pytest.mark.requirement("C5")
def test_order_list_counts_each_tab_when_orders_come_and_change() -> None:
    orders = OrderList()
    orders.fill([order(1).outline, order(2, "ready").outline], [])
    orders.extend([order(3, "ready").outline], [])
    orders.put(row(order(1, "preparing")))
    orders.put(row(order(2, "completed")))
    orders.put(row(order(4)))
    counts = orders.counts()
    found = {tab: counts[tab] for tab in (Tab.PAID, Tab.PREPARING, Tab.READY, Tab.DONE, Tab.ALL)}
    assert found == {Tab.PAID: 1, Tab.PREPARING: 1, Tab.READY: 1, Tab.DONE: 1, Tab.ALL: 4}


@pytest.mark.requirement("Z4")
def test_generation_rises_only_when_the_list_may_look_different() -> None:
    kind, orders = NotificationType.PAYMENT_CONFIRMED, listed(row(order(1)))
    before = orders.generation
    orders.put(row(order(1), kind, State.SENDING))
    orders.put(row(order(1), kind, State.SENT))
    assert orders.generation == before
    changed = [row(order(1), kind, State.FAILED), row(order(1, "preparing")), row(order(2))]
    for place, each in enumerate(changed, 1):
        orders.put(each)
        assert orders.generation == before + place


@pytest.mark.requirement("C3", "Q4")
def test_a_doubt_older_than_the_period_is_untold_and_under_no_other_tab() -> None:
    old = order(1, "ready", created_at=NOW - timedelta(days=2))
    older = order(2, "ready", created_at=NOW - timedelta(days=3))
    today, told = OrderList(NOW), NotificationType.READY
    today.fill(
        [], [UntoldMessage(old.id, told, State.IN_DOUBT)], [row(each).outline for each in (old, older)]
    )
    assert (today.ids(Tab.UNTOLD), today.ids(Tab.ALL), today.ids(Tab.READY)) == (["o1", "o2"], [], [])
    assert (today.counts()[Tab.UNTOLD], today.counts()[Tab.ALL]) == (2, 0)
    today.put(row(old, told, State.SENT))
    today.put(row(older, told, State.IN_DOUBT))
    assert today.ids(Tab.UNTOLD) == ["o2"]


def test_orders_are_found_by_number_name_and_end_of_the_telephone() -> None:
    search = OrderSearch()
    joao = row(order(123, customer_name="João da Conceição"))
    ana = row(order(45, customer_name="Ana Paula", customer_phone="(73) 99954-8123"))
    search.put([joao.order, ana.order])
    both = [joao.order.id, ana.order.id]
    for typed, found in (
        ("", both),
        ("#123", ["o123"]),
        ("123", both),
        ("conceicao joao", ["o123"]),
        ("ANA", ["o45"]),
        ("zé", []),
    ):
        assert search.find(typed, both) == found
    assert search.unknown([OrderId("o9"), *both]) == ["o9"]


@pytest.mark.parametrize("phone", ["(73) 99954-8123", "（７３）９９９５４-８１２３", "٧٣٩٩٩٥٤٨١٢٣"])
def test_search_finds_the_end_of_a_telephone_in_whatever_digits(phone: str) -> None:
    search = OrderSearch()
    ana = row(order(45, customer_name="Ana", customer_phone=phone))
    search.put([ana.order])
    assert search.find("8123", [ana.order.id]) == search.find("８１２３", [ana.order.id]) == ["o45"]
