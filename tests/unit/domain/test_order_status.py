"""Transitions of an order's status that a person may make."""

from dataclasses import replace

import pytest

from app.domain.errors import OrderAheadError, OrderEndedError
from app.domain.order_status import order_in_status
from tests.contracts.asked_store import NOW
from tests.contracts.store_contract import Keeping

COURSE = ["pending_payment", "paid", "in_preparation", "ready", "completed"]
ORDER = replace(Keeping.ORDER, stage_at=NOW)


@pytest.mark.parametrize("reached", range(len(COURSE)))
@pytest.mark.parametrize("wanted", range(len(COURSE)))
def test_order_moves_forward_only(reached: int, wanted: int) -> None:
    order = replace(ORDER, status=COURSE[reached])
    if wanted < reached:
        with pytest.raises(OrderAheadError):
            order_in_status(order, COURSE[wanted])
    else:
        assert order_in_status(order, COURSE[wanted]).status == COURSE[wanted]


@pytest.mark.requirement("A5")
@pytest.mark.parametrize("over", [{"status": "cancelled"}, {"status": "expired"}, {"deleted": True}])
@pytest.mark.parametrize("wanted", ["pending", "ready", "completed", "waiting for Ana"])
def test_order_that_is_over_stays_so(over: dict[str, object], wanted: str) -> None:
    with pytest.raises(OrderEndedError):
        order_in_status(replace(ORDER, **over), wanted)  # type: ignore[arg-type]


def test_order_is_cancelled_from_wherever_it_is_and_twice_is_once() -> None:
    for status in (*COURSE, "waiting for Ana", "cancelled"):
        assert order_in_status(replace(ORDER, status=status), "cancelled").status == "cancelled"


def test_status_without_a_rank_goes_anywhere() -> None:
    assert order_in_status(ORDER, "waiting for Ana").status == "waiting for Ana"
    assert order_in_status(replace(ORDER, status="waiting for Ana"), "pending").status == "pending"


@pytest.mark.parametrize(("status", "stage_at"), [("paid", NOW), ("ready", None), ("completed", None)])
def test_moment_of_the_stage_that_is_left_goes(status: str, stage_at: object) -> None:
    assert order_in_status(ORDER, status).stage_at == stage_at
