"""The judge of the kills finds what is lost, doubled, stuck or late, and blames nobody else."""

import pytest

from tests.harness.chaos.kept_rows import KeptRow
from tests.harness.chaos.load_generator import Click
from tests.harness.chaos.simulated_side import Bubble, KeyReuse
from tests.harness.chaos.verdict import (
    KEY_REUSED,
    NOT_ON_DISK,
    OUT_OF_ORDER,
    SHOWN_TWICE,
    STUCK,
    Evidence,
    Verdict,
    judge,
)

_PHONE = "+5573980000001"
_WORDS = "Seu pedido *#7* está pronto"
_CLICK = Click("o1", "ready", _PHONE, "*#7*")


def _row(
    state: str = "read",
    reason: str | None = None,
    id_: str = "n1",
    *,
    order: str | None = "o1",
    type_: str = "ready",
    seq: int = 1,
    doubted: bool = False,
) -> KeptRow:
    return KeptRow(
        id_,
        order,
        type_,
        state,
        reason,
        leased=False,
        message_id=f"M-{id_}",
        repeats=0,
        seq=seq,
        doubted=doubted,
    )


def _judged(row: KeptRow | None, *bubbles: Bubble, stuck: frozenset[str] = frozenset()) -> Verdict:
    return judge([_CLICK], Evidence([row] if row else [], bubbles, stuck))


def _bubble(shown: int = 1, text: str = _WORDS, id_: str = "M-n1", number: str = _PHONE) -> Bubble:
    return Bubble(number, id_, text, shown)


def _read_in_order(*rows: KeptRow) -> Verdict:
    """One phone shows these, each with words of its own."""
    return judge([], Evidence(rows, [_bubble(text=row.id, id_=row.message_id) for row in rows]))


def test_a_message_on_its_customers_phone_is_shown_once() -> None:
    verdict = _judged(_row(), _bubble())
    assert (verdict.accepted, verdict.shown_once, verdict.broken) == (1, 1, [])


def test_two_bubbles_of_one_message_are_a_double() -> None:
    verdict = _judged(_row(), _bubble(2))
    assert (verdict.shown_once, verdict.shown_twice, verdict.broken) == (0, 1, [("n1", SHOWN_TWICE)])


def test_the_same_words_under_another_id_are_a_double() -> None:
    verdict = _judged(_row(), _bubble(), _bubble(id_="M-other"))
    assert verdict.shown_once == 0
    assert {promise for _, promise in verdict.broken} == {SHOWN_TWICE}


def test_a_click_that_nobody_answered_may_not_be_shown_twice_either() -> None:
    verdict = judge([], Evidence([_row()], [_bubble(2)]))
    assert (verdict.accepted, verdict.shown_twice, verdict.broken) == (0, 1, [("n1", SHOWN_TWICE)])


def test_an_accepted_click_that_is_not_on_the_disk_is_lost() -> None:
    verdict = _judged(None)
    assert (verdict.lost, verdict.broken) == (1, [("o1", NOT_ON_DISK)])


def test_what_the_books_call_sent_and_no_phone_shows_is_lost() -> None:
    for state in ("sent", "delivered", "read", "pending", "sending"):
        assert _judged(_row(state)).lost == 1


def test_the_wrong_phone_and_the_wrong_words_do_not_count() -> None:
    assert _judged(_row(), _bubble(number="+5573980000002")).lost == 1
    assert _judged(_row(), _bubble(text="Seu pedido *#8* está pronto")).lost == 1


def test_a_rule_with_a_reason_suppresses_and_one_without_does_not() -> None:
    assert _judged(_row("suppressed", "superseded")).suppressed == 1
    assert _judged(_row("suppressed")).lost == 1


def test_a_doubt_alone_waits_for_a_person() -> None:
    assert _judged(_row("in_doubt", "owner_died")).waiting_for_person == 1
    failed = _judged(_row("failed", "no_devices"))
    assert (failed.failed, failed.waiting_for_person, failed.lost) == (1, 0, 0)
    assert _judged(_row("pending")).waiting_for_person == 0


def test_a_doubt_whose_message_is_on_the_phone_is_shown_once() -> None:
    assert _judged(_row("in_doubt", "owner_died"), _bubble()).shown_once == 1


@pytest.mark.parametrize("state", ["pending", "sending", "in_doubt"])
def test_a_stuck_row_is_stuck_and_nothing_else(state: str) -> None:
    verdict = _judged(_row(state), stuck=frozenset({"n1"}))
    assert (verdict.stuck, verdict.lost, verdict.waiting_for_person) == (1, 0, 0)
    assert verdict.broken == [("n1", STUCK)]


def test_a_stuck_row_counts_though_nobody_answered_its_click() -> None:
    assert judge([], Evidence([_row("pending")], [], frozenset({"n1"}))).stuck == 1


def test_an_earlier_stage_behind_a_later_one_is_out_of_order() -> None:
    ready = _row(id_="ready", seq=1, doubted=True)
    preparing = _row(id_="preparing", type_="preparing", seq=2, doubted=True)
    assert _read_in_order(preparing, ready).out_of_order == 0
    verdict = _read_in_order(ready, preparing)
    assert (verdict.out_of_order, verdict.broken) == (1, [("preparing", OUT_OF_ORDER)])


def test_two_orders_of_one_customer_are_read_first_in_first_out() -> None:
    first = _row(id_="first", order="o1", seq=1)
    second = _row(id_="second", order="o2", seq=2)
    assert _read_in_order(first, second).out_of_order == 0
    assert _read_in_order(second, first).broken == [("first", OUT_OF_ORDER)]


def test_a_row_that_was_in_doubt_may_be_read_late_by_itself_alone() -> None:
    first, second, third = (
        _row(id_=name, order=name, seq=seq, doubted=name == "doubted")
        for seq, name in enumerate(("doubted", "second", "third"), 1)
    )
    assert _read_in_order(second, first, third).out_of_order == 0
    assert _read_in_order(third, first, second).broken == [("second", OUT_OF_ORDER)]


def test_two_customers_have_no_order_among_them() -> None:
    rows = [_row(id_="late", seq=2), _row(id_="early", order="o2", seq=1)]
    numbers = {"late": "+5573980000001", "early": "+5573980000002"}
    bubbles = [_bubble(text=row.id, id_=row.message_id, number=numbers[row.id]) for row in rows]
    assert judge([], Evidence(rows, bubbles)).out_of_order == 0


def test_each_key_that_came_twice_names_the_message_that_used_it_again() -> None:
    reuses = [KeyReuse("M-n0", "M-n1"), KeyReuse("M-n0", "M-gone")]
    verdict = judge([], Evidence([_row()], [], key_reuses=reuses))
    assert verdict.keys_reused == 2
    assert verdict.broken == [("n1", KEY_REUSED), ("M-gone", KEY_REUSED)]


def test_verdicts_of_several_shops_add_up() -> None:
    total = Verdict()
    for row in (_row("in_doubt"), _row("failed", "no_devices")):
        total += _judged(row, stuck=frozenset({"n9"}))
    assert (total.accepted, total.waiting_for_person, total.failed, total.stuck) == (2, 1, 1, 2)
    assert total.reasons == {"in_doubt": 1, "failed(no_devices)": 1}
    assert total.broken == [("n9", STUCK)] * 2
