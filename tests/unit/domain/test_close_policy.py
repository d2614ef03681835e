"""Close policy: the next step after a connection has closed."""

from datetime import timedelta

import pytest

from app.domain.backoff import LONGEST_PAUSE, backoff_pause
from app.domain.close_policy import (
    HOUR,
    LONG_DELAY,
    AfterClose,
    Close,
    CloseCause,
    CloseHistory,
    after_close,
    pause_before,
)
from app.domain.remedy import REMEDIES, Remedy

AT_LOGIN = CloseHistory(at_login=True)
OPEN = CloseHistory()


@pytest.mark.requirement("S3")
@pytest.mark.parametrize(
    ("code", "reason"),
    [(401, "logged_out"), (403, "devices_ended"), (406, "banned"), (411, "multidevice_mismatch")],
)
@pytest.mark.parametrize("history", [AT_LOGIN, OPEN])
def test_some_reasons_are_final_and_have_a_name(code: int, reason: str, history: CloseHistory) -> None:
    assert after_close(Close(code), history) == (AfterClose.FINAL, reason)
    assert reason in REMEDIES


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("code", [408, 428, 500, 503, None])
@pytest.mark.parametrize("history", [AT_LOGIN, OPEN])
def test_passing_trouble_is_followed_by_another_try(code: int | None, history: CloseHistory) -> None:
    assert after_close(Close(code), history) == (AfterClose.BACK_OFF, None)


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("cause", CloseCause)
def test_close_shows_its_cause_and_is_tried_again(cause: CloseCause) -> None:
    assert after_close(Close(408, cause), AT_LOGIN) == (AfterClose.BACK_OFF, cause)
    assert cause in REMEDIES


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("code", [400, 404, 409, 413, 414, 415, 418, 429])
def test_refused_login_is_tried_once_an_hour(code: int) -> None:
    assert after_close(Close(code), AT_LOGIN) == (AfterClose.HOURLY, "login_refused")
    assert after_close(Close(code), OPEN) == (AfterClose.BACK_OFF, None)
    assert "login_refused" in REMEDIES


@pytest.mark.requirement("S3")
def test_temporary_ban_is_left_alone_until_its_end() -> None:
    end = Close(402, banned_for=timedelta(hours=3))
    assert after_close(end, AT_LOGIN) == (AfterClose.UNTIL_BAN_ENDS, "suspended_until")
    assert after_close(Close(402), AT_LOGIN) == (AfterClose.HOURLY, "suspended")
    assert {"suspended", "suspended_until"} <= set(REMEDIES)


@pytest.mark.requirement("S3")
def test_who_was_replaced_keeps_apart_and_gives_up_the_third_time() -> None:
    follows = [after_close(Close(440), CloseHistory(replaced=times)) for times in (1, 2, 3)]
    assert [after for after, _ in follows] == [
        AfterClose.KEEP_APART,
        AfterClose.KEEP_APART,
        AfterClose.FINAL,
    ]
    assert {reason for _, reason in follows} == {"replaced"}


@pytest.mark.requirement("S3")
def test_an_outdated_client_is_tried_once_more_and_then_rarely() -> None:
    follows = [after_close(Close(405), CloseHistory(at_login=True, outdated=times)) for times in (1, 2, 9)]
    assert [after for after, _ in follows] == [
        AfterClose.BACK_OFF,
        AfterClose.LONG_BACK_OFF,
        AfterClose.LONG_BACK_OFF,
    ]


def test_the_restart_that_ends_a_pairing_follows_at_once() -> None:
    assert after_close(Close(515), AT_LOGIN) == (AfterClose.AT_ONCE, None)


def test_a_qr_code_that_nobody_scanned_is_not_asked_for_for_ever() -> None:
    assert after_close(Close(408), CloseHistory(qr_shown=True)) == (AfterClose.FINAL, "qr_expired")


@pytest.mark.requirement("S3")
def test_waits_grow_to_a_minute_and_differ_by_chance() -> None:
    assert [backoff_pause(n, 0.999999).seconds for n in (1, 2, 3, 4)] == [0, 1, 3, 7]
    assert backoff_pause(1, 0.0) == timedelta(seconds=0.5)
    assert backoff_pause(10**6, 0.0) == LONGEST_PAUSE / 2


@pytest.mark.requirement("S3")
def test_the_wait_is_between_half_and_the_whole_as_chance_says() -> None:
    assert backoff_pause(0, 0.0) == timedelta(seconds=0.5)
    assert backoff_pause(3, 0.5) == timedelta(seconds=3)
    assert [backoff_pause(n, 0.0) for n in (6, 7, 8)] == [timedelta(seconds=s) for s in (16, 30, 30)]


@pytest.mark.requirement("S3")
def test_only_a_scan_that_was_waited_for_ends_with_its_code() -> None:
    assert after_close(Close(411), CloseHistory(qr_shown=True)) == (AfterClose.FINAL, "multidevice_mismatch")
    assert after_close(Close(428), CloseHistory(qr_shown=True)) == (AfterClose.BACK_OFF, None)


@pytest.mark.requirement("S3")
def test_each_way_to_go_on_has_its_own_pause() -> None:
    assert pause_before(AfterClose.AT_ONCE, 9, 0.9) == timedelta(0)
    assert pause_before(AfterClose.BACK_OFF, 1, 0.0) == timedelta(seconds=0.5)
    assert pause_before(AfterClose.KEEP_APART, 1, 0.0) == timedelta(seconds=10)
    assert pause_before(AfterClose.KEEP_APART, 1, 1.0) == timedelta(seconds=15)
    assert pause_before(AfterClose.LONG_BACK_OFF, 1, 0.0) == LONG_DELAY
    assert pause_before(AfterClose.LONG_BACK_OFF, 1, 1.0) == LONG_DELAY * 1.5
    assert pause_before(AfterClose.HOURLY, 1, 0.0) == HOUR
    assert pause_before(AfterClose.HOURLY, 1, 1.0) == HOUR * 1.1


@pytest.mark.requirement("S3")
def test_three_remedies_pair_and_two_try_again() -> None:
    assert {remedy for remedy in Remedy if remedy.pairs} == {
        Remedy.PAIR_AGAIN,
        Remedy.OTHER_NUMBER,
        Remedy.NEW_CODE,
    }
