"""The judge of the kills finds what is lost and what is shown twice, and blames nobody else."""

from tests.simulators.chaos.clicker import Click
from tests.simulators.chaos.kept_rows import KeptRow
from tests.simulators.chaos.simulated_side import Bubble
from tests.simulators.chaos.verdict import NOT_ON_DISK, SHOWN_TWICE, Evidence, Verdict, judge

_PHONE = "+5573980000001"
_WORDS = "Seu pedido *#7* está pronto"
_CLICK = Click("o1", "ready", _PHONE, "*#7*")


def _row(state: str = "read", reason: str | None = None, id_: str = "n1") -> KeptRow:
    return KeptRow(id_, "o1", "ready", state, reason, leased=False, message_id=f"M-{id_}", repeats=0)


def _judged(row: KeptRow | None, *bubbles: Bubble, behind: frozenset[str] = frozenset()) -> Verdict:
    return judge([_CLICK], Evidence([row] if row else [], behind, bubbles))


def _bubble(shown: int = 1, text: str = _WORDS, id_: str = "M-n1", number: str = _PHONE) -> Bubble:
    return Bubble(number, id_, text, shown)


def test_a_message_on_its_customers_phone_is_shown_once() -> None:
    verdict = _judged(_row(), _bubble())
    assert (verdict.accepted, verdict.shown_once, verdict.broken) == (1, 1, {})


def test_two_bubbles_of_one_message_are_a_double() -> None:
    verdict = _judged(_row(), _bubble(2))
    assert (verdict.shown_once, verdict.shown_twice, verdict.broken) == (0, 1, {"n1": SHOWN_TWICE})


def test_the_same_words_under_another_id_are_a_double() -> None:
    verdict = _judged(_row(), _bubble(), _bubble(id_="M-other"))
    assert verdict.shown_once == 0
    assert set(verdict.broken.values()) == {SHOWN_TWICE}


def test_a_click_that_nobody_answered_may_not_be_shown_twice_either() -> None:
    verdict = judge([], Evidence([_row()], frozenset(), [_bubble(2)]))
    assert (verdict.accepted, verdict.shown_twice, verdict.broken) == (0, 1, {"n1": SHOWN_TWICE})


def test_an_accepted_click_that_is_not_on_the_disk_is_lost() -> None:
    verdict = _judged(None)
    assert (verdict.lost, verdict.broken) == (1, {"o1": NOT_ON_DISK})


def test_what_the_books_call_sent_and_no_phone_shows_is_lost() -> None:
    for state in ("sent", "delivered", "read", "pending", "sending"):
        assert _judged(_row(state)).lost == 1


def test_the_wrong_phone_and_the_wrong_words_do_not_count() -> None:
    assert _judged(_row(), _bubble(number="+5573980000002")).lost == 1
    assert _judged(_row(), _bubble(text="Seu pedido *#8* está pronto")).lost == 1


def test_a_rule_with_a_reason_suppresses_and_one_without_does_not() -> None:
    assert _judged(_row("suppressed", "superseded")).suppressed == 1
    assert _judged(_row("suppressed")).lost == 1


def test_doubts_failures_and_what_waits_behind_a_doubt_wait_for_a_person() -> None:
    assert _judged(_row("in_doubt", "owner_died")).waiting_for_person == 1
    assert _judged(_row("failed", "no_devices")).waiting_for_person == 1
    assert _judged(_row("pending"), behind=frozenset({"n1"})).waiting_for_person == 1


def test_a_doubt_whose_message_is_on_the_phone_is_shown_once() -> None:
    assert _judged(_row("in_doubt", "owner_died"), _bubble()).shown_once == 1
