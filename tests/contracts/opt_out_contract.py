"""What every Store promises about opt-outs and about letting go of what is old."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.errors import ContractViolationError
from app.domain.identifiers import MessageId, NotificationId, OrderId, SessionId
from app.domain.identity import KnownAliases
from app.domain.lid import Lid
from app.domain.notification import State
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.order_merge import without_content
from app.domain.phone import Phone
from app.ports.opt_out import LARGEST_PAGE
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, NOW, SOON, Asked, owed
from tests.contracts.store_contract import Keeping

ANA_WITHOUT_NINTH = Phone("+557399998537")
LEFT = OptOut(
    NOW,
    OptOutSource.CUSTOMER,
    confirmation_id=NotificationId(UUID(int=7)),
    reason="parar",
    message_id=MessageId("3AIN"),
)
OLD, MOMENT = NOW - timedelta(days=100), NOW - timedelta(days=90)


class OptOuts:
    @pytest.mark.requirement("X1")
    def test_an_opt_out_is_found_under_both_forms_of_its_number_and_no_other(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.opt_outs.add(ANA_WITHOUT_NINTH, LEFT))
        seen = asked.read(
            lambda rows: [rows.opt_outs.in_force(each) for each in (ANA, ANA_WITHOUT_NINTH, BIA)]
        )
        assert seen == [LEFT, LEFT, None]
        phones = [ANA, ANA_WITHOUT_NINTH, BIA]
        assert asked.read(lambda rows: rows.opt_outs.all_in_force(phones)) == dict.fromkeys(phones[:2], LEFT)

    @pytest.mark.requirement("X1")
    def test_an_undo_keeps_what_was_and_lets_the_customer_leave_again(self, asked: Asked) -> None:
        again = replace(LEFT, opted_out_at=NOW + LATER, message_id=None)

        def work(rows: Rows) -> None:
            rows.opt_outs.add(ANA, LEFT)
            rows.opt_outs.undo(ANA_WITHOUT_NINTH, NOW + SOON, OptOutSource.MANAGER, "pediu no balcão")
            assert rows.opt_outs.in_force(ANA) is None
            rows.opt_outs.undo(ANA, NOW + LATER, OptOutSource.CUSTOMER, None)
            rows.opt_outs.add(ANA, again)

        asked.transact(work)
        undone = replace(
            LEFT, undone_at=NOW + SOON, undone_by=OptOutSource.MANAGER, undo_reason="pediu no balcão"
        )
        assert asked.read(lambda rows: rows.opt_outs.history(ANA_WITHOUT_NINTH)) == [undone, again]
        assert asked.read(lambda rows: rows.opt_outs.in_force(ANA)) == again
        assert asked.read(lambda rows: rows.opt_outs.history(BIA)) == []

    def test_a_second_opt_out_of_the_same_customer_is_refused(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.opt_outs.add(ANA, LEFT))
        with pytest.raises(ContractViolationError):
            asked.transact(lambda rows: rows.opt_outs.add(ANA_WITHOUT_NINTH, LEFT))

    def test_newest_lists_those_in_force_page_by_page(self, asked: Asked) -> None:
        others = [Phone(f"+557398811{number:04d}") for number in range(3)]

        def work(rows: Rows) -> None:
            for at, phone in enumerate((ANA, *others)):
                rows.opt_outs.add(phone, replace(LEFT, opted_out_at=NOW + at * SOON))
            rows.opt_outs.undo(others[1], NOW + LATER, OptOutSource.MANAGER, "pediu")

        asked.transact(work)
        pages = [asked.read(lambda rows: rows.opt_outs.newest(2))]
        while pages[-1].next is not None:
            pages.append(asked.read(lambda rows: rows.opt_outs.newest(2, pages[-1].next)))
        owners = asked.read(lambda rows: [rows.identities.of(each) for each in (others[2], others[0], ANA)])
        listed = [[identity for identity, _ in page.rows] for page in pages]
        assert listed in ([owners[:1], owners[1:]], [owners[:1], owners[1:], []])
        assert pages[0].rows[0][1].opted_out_at == NOW + 3 * SOON

    @pytest.mark.requirement("X6")
    def test_newest_names_the_customer_until_retention_has_emptied_it(self, asked: Asked) -> None:
        lid = Lid("4711@lid")

        def work(rows: Rows) -> None:
            rows.identities.connect(ANA, lid, NOW)
            rows.identities.name(lid, "ana", NOW)
            rows.opt_outs.add(ANA, LEFT)

        def named(rows: Rows) -> list[KnownAliases]:
            listed = (identity for identity, _ in rows.opt_outs.newest(9).rows)
            return [rows.identities.aliases_of(identity) for identity in listed if identity]

        asked.transact(work)
        assert asked.read(named) == [KnownAliases(ANA, lid, "ana")]
        asked.date(NOW)
        asked.transact(lambda rows: rows.retention.empty(NOW + SOON, NOW + LATER, 99))
        assert asked.read(named) == [KnownAliases()]

    def test_newest_reads_no_more_than_the_largest_page(self, asked: Asked) -> None:
        def work(rows: Rows) -> None:
            for number in range(LARGEST_PAGE + 1):
                rows.opt_outs.add(Phone(f"+557398811{number:04d}"), LEFT)

        asked.transact(work)
        page = asked.read(lambda rows: rows.opt_outs.newest(10 * LARGEST_PAGE))
        assert len(page.rows) == LARGEST_PAGE
        assert page.next is not None

    def test_a_word_is_heard_once_whoever_else_used_its_id(self, asked: Asked) -> None:
        heard = asked.transact(
            lambda rows: [
                rows.opt_outs.hear(phone, MessageId(word), NOW)
                for phone, word in ((ANA, "1"), (ANA_WITHOUT_NINTH, "1"), (BIA, "1"), (ANA, "2"))
            ]
        )
        assert heard == [True, False, True, True]

    def test_what_a_number_is_still_owed_is_found_oldest_first(self, asked: Asked) -> None:
        asked.add(owed("o1"), owed("o2", phone=ANA_WITHOUT_NINTH), owed("o3", phone=BIA), owed("o4"))
        asked.save(owed("o4", state=State.SENT, changed_at=NOW))
        asked.save(owed("o2", state=State.IN_DOUBT, changed_at=NOW))
        found = asked.read(lambda rows: rows.notifications.unfinished_of((ANA, ANA_WITHOUT_NINTH)))
        assert [row.order_id for row in found] == ["o1", "o2"]
        assert asked.read(lambda rows: rows.notifications.unfinished_of(())) == []


class Retention:
    ORDER = replace(Keeping.ORDER, created_at=OLD)

    def _old(self, asked: Asked, state: State = State.SENT, order: str = "o1") -> None:
        asked.add(owed(order))
        asked.save(owed(order, state=state, changed_at=OLD))

    @pytest.mark.requirement("X6")
    def test_what_is_old_is_emptied_once_and_keeps_its_place(self, asked: Asked) -> None:
        self._old(asked)
        asked.keep_orders(self.ORDER)
        asked.date(OLD)
        assert asked.transact(lambda rows: rows.retention.empty(MOMENT, NOW, 200)) == 2
        assert asked.transact(lambda rows: rows.retention.empty(MOMENT, NOW, 200)) == 0
        row, order = asked.read(
            lambda rows: (rows.notifications.get(owed().id), rows.orders.get(OrderId("o1")))
        )
        assert row is not None
        assert (row.text, row.phone, row.state, row.is_erased) == ("", Phone(""), State.SENT, True)
        assert order == without_content(self.ORDER)

    @pytest.mark.requirement("X6")
    @pytest.mark.parametrize("state", [State.PENDING, State.SENDING, State.IN_DOUBT])
    def test_an_unfinished_notification_and_its_order_are_never_touched(
        self, asked: Asked, state: State
    ) -> None:
        self._old(asked, state)
        asked.keep_orders(self.ORDER)
        asked.date(OLD)
        assert asked.transact(lambda rows: rows.retention.empty(MOMENT, NOW, 200)) == 0
        assert asked.transact(lambda rows: rows.retention.delete(MOMENT, NOW, 200)) == 0

    def test_what_is_younger_is_kept(self, asked: Asked) -> None:
        self._old(asked)
        asked.keep_orders(self.ORDER)
        asked.date(OLD - SOON)
        assert asked.transact(lambda rows: rows.retention.empty(OLD, NOW, 200)) == 0
        assert asked.transact(lambda rows: rows.retention.delete(OLD, NOW, 200)) == 0

    def test_no_batch_is_larger_than_asked_for(self, asked: Asked) -> None:
        for number in range(3):
            self._old(asked, order=f"o{number}")
        asked.keep_orders(*(replace(self.ORDER, id=OrderId(f"o{number}")) for number in range(3)))
        asked.date(OLD)
        for act in ("empty", "delete"):

            def work(rows: Rows, act: str = act) -> int:
                if act == "empty":
                    return rows.retention.empty(MOMENT, NOW, 2)
                return rows.retention.delete(MOMENT, NOW, 2)

            assert [asked.transact(work) for _ in range(4)] == [2, 2, 2, 0]

    @pytest.mark.requirement("X6")
    def test_old_rows_go_and_the_opt_out_stays(self, asked: Asked) -> None:
        self._old(asked)
        asked.keep_orders(self.ORDER)
        suspect = KnownNumber(BIA, WhatsAppAccount("5571@s"), OLD)

        def keep(rows: Rows) -> None:
            rows.opt_outs.add(ANA, replace(LEFT, opted_out_at=OLD))
            rows.opt_outs.hear(ANA, MessageId("1"), OLD)
            rows.numbers.save(KnownNumber(ANA, None, OLD))
            rows.numbers.save(suspect)
            rows.numbers.suspect(BIA, SessionId("main"))

        asked.transact(keep)
        asked.date(OLD)
        assert asked.transact(lambda rows: rows.retention.delete(MOMENT, NOW, 200)) == 4
        seen = asked.read(
            lambda rows: (
                rows.notifications.get(owed().id),
                rows.orders.get(OrderId("o1")),
                rows.numbers.get(ANA),
                rows.numbers.get(BIA),
            )
        )
        assert seen == (None, None, None, suspect)
        assert asked.read(lambda rows: rows.opt_outs.in_force(ANA)) is not None
