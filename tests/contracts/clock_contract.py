"""What every Store promises about moments that a wrong clock wrote."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.domain.account import KnownNumber
from app.domain.consent import Consent, ConsentWay
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import MessageId, OrderId
from app.domain.lease import Lease
from app.domain.notification import Notification, State
from app.domain.order import Order
from app.ports.store import Rows
from app.ports.timestamps import ClockStep
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, SOON, Asked, owed
from tests.contracts.store_contract import Keeping

TICK, HOUR, DAY = timedelta(microseconds=1), timedelta(hours=1), timedelta(days=1)
LONG_AGO, LIMIT = NOW - 6000 * DAY, NOW - 90 * DAY
O1 = OrderId("o1")


def everything_stamped(at: datetime) -> Callable[[Rows], None]:
    """One row of each kind that retention lets go of."""

    def work(rows: Rows) -> None:
        rows.notifications.add(owed())
        rows.notifications.save(owed(state=State.SENT, changed_at=at))
        rows.orders.save(replace(Keeping.ORDER, created_at=at))
        rows.numbers.save(KnownNumber(ANA, None, at))
        rows.opt_outs.hear(ANA, MessageId("1"), at)
        rows.replies.keep(CustomerReply(MessageId("2"), MAIN, BIA, "text", "oi", at, live=True, order_id=O1))
        rows.consents.keep(Consent(MessageId("3"), MAIN, BIA, ConsentWay.WRITTEN, "oi", at, O1))

    return work


class DatedRows:
    @pytest.mark.requirement("Z3")
    @pytest.mark.parametrize("stamp", [LONG_AGO, NOW + 700 * DAY])
    @pytest.mark.parametrize(("dated", "gone"), [(None, 0), (LIMIT, 0), (LIMIT - TICK, 6)])
    def test_retention_goes_by_the_date_of_a_row_when_its_stamp_is_wrong(
        self, asked: Asked, stamp: datetime, dated: datetime | None, gone: int
    ) -> None:
        asked.transact(everything_stamped(stamp))
        if dated:
            asked.date(dated)
        emptied = asked.transact(lambda rows: rows.retention.empty(LIMIT, NOW, 99))
        assert emptied == (4 if gone else 0)
        assert asked.transact(lambda rows: rows.retention.delete(LIMIT, NOW, 99)) == gone

    def test_retention_keeps_a_row_that_moved_since_its_date(self, asked: Asked) -> None:
        asked.transact(everything_stamped(NOW))
        asked.date(LONG_AGO)
        assert asked.transact(lambda rows: rows.retention.delete(LIMIT, NOW, 99)) == 0

    def test_date_is_given_once_in_batches_and_outlasts_another_save(self, asked: Asked) -> None:
        asked.transact(everything_stamped(LONG_AGO))
        counts = [asked.transact(lambda rows: rows.retention.date(LONG_AGO, NOW, 4)) for _ in range(4)]
        assert (counts[0], counts[-1]) == (4, 0)
        asked.keep_orders(replace(Keeping.ORDER, created_at=LONG_AGO))
        assert asked.transact(lambda rows: rows.retention.date(NOW, NOW, 99)) == 0

    def test_date_is_given_anew_to_rows_dated_after_the_last_certain_time(self, asked: Asked) -> None:
        asked.transact(everything_stamped(LONG_AGO))
        asked.date(LONG_AGO)
        assert asked.transact(lambda rows: rows.retention.date(NOW, LONG_AGO, 99)) == 0
        redated = [
            asked.transact(lambda rows: rows.retention.date(NOW, LONG_AGO - TICK, 4)) for _ in range(4)
        ]
        assert (redated[0], redated[-1]) == (4, 0)
        assert asked.transact(lambda rows: rows.retention.delete(LIMIT, NOW, 99)) == 0


class Stamps:
    STEP = ClockStep(NOW, NOW + LATER, DAY)

    def _row(self, **changes: object) -> Notification:
        return replace(owed(scheduled_at=NOW + HOUR), **changes)  # type: ignore[arg-type]

    def _kept(self, asked: Asked) -> Notification:
        found = asked.read(lambda rows: rows.notifications.get(owed().id))
        assert found is not None
        return found

    @pytest.mark.requirement("Z3")
    def test_stamps_finds_what_was_written_in_that_time_waiting_rows_first(self, asked: Asked) -> None:
        changed = owed("o1", state=State.READ, changed_at=NOW + LATER)
        earlier = owed("o2", created_at=NOW - DAY, changed_at=NOW - TICK)
        later = owed("o3", created_at=NOW + LATER + TICK)
        waiting = owed("o4", created_at=NOW)
        for row in asked.add(changed, earlier, later, waiting):
            asked.save(replace(row, state=State.READ if row.id == changed.id else row.state))
        found = asked.read(lambda rows: rows.timestamps.notifications(self.STEP))
        assert list(found) == [waiting.id, changed.id]

    def test_stamps_finds_the_orders_made_in_that_time(self, asked: Asked) -> None:
        for number, at in enumerate((NOW - TICK, NOW, NOW + LATER, NOW + LATER + TICK)):
            asked.keep_orders(replace(Keeping.ORDER, id=OrderId(f"o{number}"), created_at=at))
        assert set(asked.read(lambda rows: rows.timestamps.orders(self.STEP))) == {"o1", "o2"}

    @pytest.mark.requirement("Z3")
    def test_shift_moves_our_moments_of_that_time_and_none_of_whatsapps(self, asked: Asked) -> None:
        told = {"sent_at": NOW, "delivered_at": NOW, "read_at": NOW}
        ours = dict.fromkeys(
            ("changed_at", "stage_at", "sending_at", "doubted_at", "on_wire_at", "given_up_at"), NOW + SOON
        )
        row = self._row(lease=Lease("1/a/b", NOW + LATER + SOON), **told, **ours)
        asked.add(row)
        asked.save(row)
        asked.transact(lambda rows: rows.timestamps.shift_notifications([row.id], self.STEP))
        shifted = dict.fromkeys(ours, NOW + SOON + DAY)
        lease = Lease("1/a/b", NOW + LATER + SOON + DAY)
        due = NOW + HOUR + DAY
        expected = replace(row, created_at=NOW + DAY, scheduled_at=due, lease=lease, seq=1, **shifted)  # type: ignore[arg-type]
        assert self._kept(asked) == expected

    def test_shift_leaves_moments_of_another_time_and_other_rows(self, asked: Asked) -> None:
        row = self._row(
            created_at=NOW - TICK, scheduled_at=NOW + LATER + HOUR + TICK, stage_at=NOW + 2 * LATER
        )
        asked.add(row, owed("o2"))
        asked.save(row)
        asked.transact(lambda rows: rows.timestamps.shift_notifications([row.id], self.STEP))
        asked.transact(lambda rows: rows.timestamps.shift_notifications([], self.STEP))
        assert self._kept(asked) == replace(row, seq=1)
        other = asked.read(lambda rows: rows.notifications.get(owed("o2").id))
        assert other is not None
        assert other.created_at == NOW

    def test_shift_moves_the_orders_that_are_named(self, asked: Asked) -> None:
        orders: list[Order] = [replace(Keeping.ORDER, id=OrderId(each), created_at=NOW) for each in "ab"]
        asked.keep_orders(*orders)
        back = replace(self.STEP, by=-DAY)
        asked.transact(lambda rows: rows.timestamps.shift_orders([OrderId("a")], back))
        kept = {order.id: order.created_at for order in asked.read(lambda rows: rows.orders.latest(9))}
        assert kept == {"a": NOW - DAY, "b": NOW}
