"""What every Store promises about the disappearing-messages timers of chats."""

from datetime import datetime
from itertools import permutations

import pytest

from app.domain.identifiers import SessionId
from app.domain.identity import Connection
from app.domain.lid import Address, Lid
from app.domain.phone import Phone
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked

SHORT = Phone("+557399998537")
LID, OTHER_LID = Lid("4711@lid"), Lid("815@lid")
SECOND = SessionId("second")
DAY, WEEK = 86_400, 604_800


def record(
    asked: Asked, seconds: int, at: datetime = NOW, customer: Address = ANA, session_id: SessionId = MAIN
) -> None:
    asked.transact(lambda rows: rows.chat_timers.record(session_id, customer, seconds, at))


def timer(asked: Asked, customer: Address = ANA, session_id: SessionId = MAIN) -> int:
    return asked.read(lambda rows: rows.chat_timers.seconds_of(session_id, customer))


def connect(asked: Asked, phone: Phone = ANA, lid: Lid = LID) -> Connection:
    return asked.transact(lambda rows: rows.identities.connect(phone, lid, NOW))


class ChatTimers:
    def test_chat_without_a_timer_has_none(self, asked: Asked) -> None:
        record(asked, DAY)
        assert (timer(asked), timer(asked, BIA), timer(asked, session_id=SECOND)) == (DAY, 0, 0)

    def test_newest_timer_by_its_own_moment_counts_in_any_order(self, asked: Asked) -> None:
        told = [(DAY, NOW), (WEEK, NOW + SOON), (0, NOW + LATER)]
        for number, order in enumerate(permutations(told)):
            customer = Phone(f"+557399998{number:04}")
            for seconds, at in order:
                record(asked, seconds, at, customer)
            assert timer(asked, customer) == 0

    def test_last_told_timer_counts_when_two_are_of_one_moment(self, asked: Asked) -> None:
        record(asked, DAY)
        record(asked, WEEK)
        assert timer(asked) == WEEK

    def test_timer_is_found_under_every_alias(self, asked: Asked) -> None:
        record(asked, DAY, customer=LID)
        connect(asked)
        assert [timer(asked, each) for each in (LID, ANA, SHORT)] == [DAY] * 3

    @pytest.mark.parametrize("later", [ANA, LID])
    def test_newer_timer_stays_when_two_identities_are_joined(self, asked: Asked, later: Address) -> None:
        asked.transact(lambda rows: [rows.identities.keep(each, NOW) for each in (ANA, LID)])
        earlier = LID if later == ANA else ANA
        record(asked, WEEK, NOW + SOON, later)
        record(asked, DAY, NOW, earlier)
        record(asked, DAY, NOW, earlier, SECOND)
        assert connect(asked) is Connection.JOINED
        for customer in (ANA, LID):
            assert (timer(asked, customer), timer(asked, customer, SECOND)) == (WEEK, DAY)

    def test_timer_stays_with_the_account_when_its_number_moves_on(self, asked: Asked) -> None:
        connect(asked)
        record(asked, DAY)
        assert connect(asked, ANA, OTHER_LID) is Connection.MOVED
        assert [timer(asked, each) for each in (LID, ANA, OTHER_LID)] == [DAY, 0, 0]
