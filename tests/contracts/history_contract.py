"""What every Store promises about the notices of histories that are not read yet."""

from app.domain.identifiers import SessionId
from app.domain.session import SessionData
from app.ports.histories import HistoryNotice
from tests.contracts.asked_store import MAIN, Asked

SECOND = SessionId("second")


class Histories:
    def test_keep_inserts_a_notice_once_and_in_order(self, asked: Asked) -> None:
        for message_id, notice in (("A", "first"), ("B", "second"), ("A", "again")):
            asked.transact(lambda rows, m=message_id, n=notice: rows.histories.keep(MAIN, m, n))  # type: ignore[misc]
        asked.transact(lambda rows: rows.histories.keep(SECOND, "A", "theirs"))
        taken = [
            asked.transact(lambda rows, each=each: rows.histories.take(each))  # type: ignore[misc]
            for each in asked.read(lambda rows: rows.histories.waiting(MAIN))
        ]
        assert taken == [HistoryNotice("first", 1), HistoryNotice("second", 1)]

    def test_take_counts_the_tries_until_the_notice_is_deleted(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.histories.keep(MAIN, "A", "first"))
        (which,) = asked.read(lambda rows: rows.histories.waiting(MAIN))
        for tries in (1, 2):
            assert asked.transact(lambda rows: rows.histories.take(which)) == HistoryNotice("first", tries)
        asked.transact(lambda rows: rows.histories.delete(which))
        assert asked.read(lambda rows: rows.histories.waiting(MAIN)) == []
        assert asked.transact(lambda rows: rows.histories.take(which)) is None

    def test_wipe_deletes_the_notices_of_its_session_alone(self, asked: Asked) -> None:
        for session_id in (MAIN, SECOND):
            session = SessionData(session_id, "{}", paired=True)
            asked.transact(lambda rows, each=session: rows.sessions.save(each))  # type: ignore[misc]
            asked.transact(lambda rows, each=session_id: rows.histories.keep(each, "A", "x"))  # type: ignore[misc]
        asked.transact(lambda rows: rows.sessions.wipe(MAIN))
        assert asked.read(lambda rows: rows.histories.waiting(MAIN)) == []
        assert len(asked.read(lambda rows: rows.histories.waiting(SECOND))) == 1

    def test_a_notice_is_in_no_repr(self) -> None:
        assert "secret" not in repr(HistoryNotice("secret", 1))
