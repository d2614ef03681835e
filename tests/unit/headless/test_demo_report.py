"""Demo report: losses and repeats are counted at the phones, not in our database."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.notification import Notification, State
from app.domain.order import NotificationType
from app.domain.phone import Phone
from app.headless.demo_report import report, untold_orders
from app.ports.training import PhonesTally, ShownMessage

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PHONE = "+5573999548537"


def _sent(number: int) -> Notification:
    return Notification(
        id=NotificationId(UUID(int=number)),
        order_id=OrderId("o"),
        type=NotificationType.READY,
        occurrence=1,
        session_id=SessionId("main"),
        phone=Phone(_PHONE),
        text=f"texto {number}",
        message_id=MessageId(f"3EB0{number}"),
        created_at=_NOW,
        scheduled_at=_NOW,
        state=State.READ,
    )


def _shown(row: Notification, bubbles: int = 1, message_id: str | None = None) -> ShownMessage:
    return ShownMessage(_PHONE, MessageId(message_id or row.message_id), row.text, bubbles)


_ROWS = [_sent(1), _sent(2), _sent(3)]


def test_a_rush_in_which_every_message_was_shown_once_is_good() -> None:
    result = report(1, _ROWS, PhonesTally([_shown(row) for row in _ROWS], 0), 1.26)
    assert (result.accepted, result.delivered, result.read, result.seconds) == (3, 3, 3, 1.3)
    assert (result.lost, result.shown_twice, result.good) == (0, 0, True)


def test_a_message_that_our_books_call_read_but_no_phone_shows_is_lost() -> None:
    result = report(1, _ROWS, PhonesTally([_shown(row) for row in _ROWS[:2]], 0), 1)
    assert (result.read, result.lost, result.good) == (3, 1, False)


def test_another_text_under_the_right_id_is_lost() -> None:
    wrong = replace(_shown(_ROWS[0]), text="outro")
    result = report(1, _ROWS, PhonesTally([wrong, *map(_shown, _ROWS[1:])], 0), 1)
    assert result.lost == 1


def test_a_second_bubble_and_the_same_words_under_another_id_are_repeats() -> None:
    tally = PhonesTally([_shown(_ROWS[0], 2), *map(_shown, _ROWS[1:]), _shown(_ROWS[2], 1, "3EB0X")], 1)
    result = report(1, _ROWS, tally, 1)
    assert (result.shown_twice, result.wire_repeats, result.good) == (2, 1, False)


def test_a_rush_that_was_not_announced_whole_is_not_good() -> None:
    assert not report(2, _ROWS, PhonesTally([_shown(row) for row in _ROWS], 0), 1).good


def test_a_message_that_still_waits_is_not_lost_and_not_good_either() -> None:
    rows = [replace(_ROWS[0], state=State.PENDING), *_ROWS[1:]]
    result = report(1, rows, PhonesTally([_shown(row) for row in rows[1:]], 0), 1)
    assert (result.lost, result.waiting, result.shown, result.good) == (0, 1, 2, False)


def test_a_message_that_failed_and_is_on_no_phone_is_lost() -> None:
    rows = [replace(_ROWS[0], state=State.FAILED), *_ROWS[1:]]
    result = report(1, rows, PhonesTally([_shown(row) for row in rows[1:]], 0), 1)
    assert (result.failed, result.lost, result.waiting) == (1, 1, 0)


def test_message_that_phones_show_but_we_doubt_is_listed_once_and_not_good() -> None:
    rows = [replace(_ROWS[0], state=State.IN_DOUBT), *_ROWS[1:]]
    result = report(1, rows, PhonesTally([_shown(row) for row in rows], 0), 1)
    assert (result.shown_once, result.good, result.lost) == (True, False, 0)


def test_the_orders_of_which_a_message_is_missing_are_known() -> None:
    tally = PhonesTally([_shown(row) for row in _ROWS[1:]], 0)
    assert untold_orders(_ROWS, tally) == {OrderId("o")}
    assert untold_orders(_ROWS[1:], tally) == frozenset()
