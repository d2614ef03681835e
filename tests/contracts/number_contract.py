"""What every Store promises about a customer whose number has two spellings."""

from dataclasses import replace

import pytest

from app.domain.customer_reply import Author
from app.domain.errors import ContractViolationError
from app.domain.identifiers import MessageId
from app.domain.opt_out import OptOutSource
from app.domain.phone import Phone
from app.ports.store import Rows
from tests.contracts.asked_store import NOW, SOON, Asked, owed
from tests.contracts.consent_contract import GIVEN
from tests.contracts.opt_out_contract import LEFT
from tests.contracts.reply_contract import OI

PAIRS = [
    ("+557399998537", "+5573999998537"),
    ("+525512345678", "+5215512345678"),
    ("+541123456789", "+5491123456789"),
]
WORD = MessageId("1")


@pytest.fixture(params=[*PAIRS, *(pair[::-1] for pair in PAIRS)], ids="/".join)
def spellings(request: pytest.FixtureRequest) -> tuple[Phone, Phone]:
    one, other = request.param
    return Phone(one), Phone(other)


class Spellings:
    @pytest.mark.requirement("X1")
    def test_opt_out_counts_for_the_other_spelling(
        self, asked: Asked, spellings: tuple[Phone, Phone]
    ) -> None:
        one, other = spellings
        asked.transact(lambda rows: rows.opt_outs.add(one, LEFT))
        assert asked.read(lambda rows: rows.opt_outs.in_force(other)) == LEFT
        with pytest.raises(ContractViolationError):
            asked.transact(lambda rows: rows.opt_outs.add(other, LEFT))

        def work(rows: Rows) -> None:
            rows.opt_outs.undo(other, NOW + SOON, OptOutSource.MANAGER, "pediu no balcão")
            rows.opt_outs.add(other, LEFT)

        asked.transact(work)
        seen = asked.read(lambda rows: [each.undone_at for each in rows.opt_outs.history(one)])
        assert seen == [NOW + SOON, None]

    @pytest.mark.requirement("X1")
    def test_word_is_heard_once_under_both_spellings(
        self, asked: Asked, spellings: tuple[Phone, Phone]
    ) -> None:
        heard = asked.transact(lambda rows: [rows.opt_outs.hear(each, WORD, NOW) for each in spellings])
        assert heard == [True, False]

    def test_reply_is_one_under_both_spellings(self, asked: Asked, spellings: tuple[Phone, Phone]) -> None:
        one, other = spellings
        said = replace(OI, phone=one)
        kept = asked.transact(
            lambda rows: [rows.replies.keep(said), rows.replies.keep(replace(said, phone=other))]
        )
        assert kept == [True, False]
        assert asked.read(lambda rows: rows.replies.find(Author(other), OI.message_id)) == said
        assert asked.read(lambda rows: rows.identities.same(one, other))

    def test_consent_is_one_under_both_spellings(self, asked: Asked, spellings: tuple[Phone, Phone]) -> None:
        one, other = spellings
        given = replace(GIVEN, phone=one)
        kept = asked.transact(
            lambda rows: [rows.consents.keep(given), rows.consents.keep(replace(given, phone=other))]
        )
        assert kept == [True, False]
        assert asked.read(lambda rows: rows.consents.orders_of(other, NOW)) == 1

    def test_told_order_is_found_under_both_spellings(
        self, asked: Asked, spellings: tuple[Phone, Phone]
    ) -> None:
        one, other = spellings
        asked.add(owed("o1", phone=one))
        assert asked.read(lambda rows: rows.replies.told_order_of(other)) == "o1"
