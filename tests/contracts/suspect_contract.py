"""What every Store promises about numbers whose Signal session may be behind what left."""

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.identifiers import SessionId
from tests.contracts.asked_store import ANA, BIA, MAIN, NOW, Asked


class Suspects:
    def test_a_suspect_ratchet_is_remembered_until_it_is_mended(self, asked: Asked) -> None:
        ana, bia = (KnownNumber(phone, WhatsAppAccount(f"{phone.number[1:]}@s"), NOW) for phone in (ANA, BIA))
        asked.transact(lambda rows: rows.numbers.save(ana))
        asked.transact(lambda rows: rows.numbers.save(bia))
        asked.transact(lambda rows: rows.numbers.suspect(ANA, MAIN))
        asked.transact(lambda rows: rows.numbers.suspect(BIA, SessionId("second")))
        asked.transact(lambda rows: rows.numbers.save(ana))
        assert asked.read(lambda rows: rows.numbers.suspects(MAIN)) == [ana]
        asked.transact(lambda rows: rows.numbers.clear_suspects([ANA, BIA], MAIN))
        assert asked.read(lambda rows: rows.numbers.suspects(MAIN)) == []
        assert asked.read(lambda rows: rows.numbers.suspects(SessionId("second"))) == [bia]

    @pytest.mark.requirement("K8")
    def test_a_number_is_suspect_for_each_session_that_doubted_it(self, asked: Asked) -> None:
        ana, second, other = KnownNumber(ANA, None, NOW), SessionId("second"), SessionId("mai")

        def suspected() -> list[bool]:
            return [
                asked.read(lambda rows, each=each: rows.numbers.suspects(each)) == [ana]  # type: ignore[misc]
                for each in (MAIN, second, other)
            ]

        asked.transact(lambda rows: rows.numbers.save(ana))
        for session_id in (MAIN, second, MAIN):
            asked.transact(lambda rows, each=session_id: rows.numbers.suspect(ANA, each))  # type: ignore[misc]
        assert suspected() == [True, True, False]
        asked.transact(lambda rows: rows.numbers.clear_suspects([ANA], other))
        asked.transact(lambda rows: rows.numbers.clear_suspects([ANA], MAIN))
        assert suspected() == [False, True, False]
        asked.transact(lambda rows: rows.numbers.suspect(ANA, other))
        asked.transact(lambda rows: rows.numbers.clear_suspects([ANA], second))
        assert suspected() == [False, False, True]
        asked.transact(lambda rows: rows.numbers.clear_suspects([ANA], other))
        assert suspected() == [False, False, False]
