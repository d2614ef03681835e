"""What every Store promises about units of work and about what it keeps beside the queue."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import ClassVar

import pytest

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.errors import ContractViolationError, FatalError
from app.domain.identifiers import OrderId, SessionId
from app.domain.order import NotificationType, Order, OrderItem, OrderOutline
from app.domain.session import SessionData
from app.domain.template import MessageTemplate
from app.ports.sealing import ResealPlace
from app.ports.store import Rows
from tests.contracts.asked_store import ANA, BIA, LATER, MAIN, NOW, Asked, owed


class UnitsOfWork:
    def test_a_transaction_returns_what_its_work_returns(self, asked: Asked) -> None:
        assert asked.transact(lambda _: 7) == 7

    def test_what_a_transaction_wrote_is_seen_by_the_reader(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.settings.set("paused", "yes"))
        assert asked.read(lambda rows: rows.settings.get("paused")) == "yes"

    def test_an_exception_undoes_the_whole_transaction_and_the_next_one_works(self, asked: Asked) -> None:
        def fails_halfway(rows: Rows) -> None:
            rows.settings.set("paused", "yes")
            rows.notifications.add(owed())
            raise LookupError

        with pytest.raises(LookupError):
            asked.transact(fails_halfway)
        seen = asked.read(lambda rows: (rows.settings.get("paused"), rows.notifications.get(owed().id)))
        assert seen == (None, None)
        assert len(asked.add(owed())) == 1

    def test_the_reader_cannot_write(self, asked: Asked) -> None:
        with pytest.raises((ContractViolationError, FatalError)):
            asked.read(lambda rows: rows.settings.set("paused", "yes"))
        assert asked.transact(lambda rows: rows.settings.get("paused")) is None

    def test_somebody_who_stops_waiting_harms_nobody_else(self, asked: Asked) -> None:
        async def give_up() -> str | None:
            waiting = asyncio.ensure_future(  # noqa: TID251 - to be cancelled
                asked.store.transact(lambda rows: rows.settings.set("a", "1"))
            )
            await asked.store.read(lambda _: None)
            waiting.cancel()
            await asyncio.wait((waiting,))
            await asked.store.transact(lambda rows: rows.settings.set("b", "2"))
            return await asked.store.read(lambda rows: rows.settings.get("b"))

        assert asyncio.run(give_up()) == "2"

    def test_store_serves_concurrent_transactions_in_order_each_its_answer(self, asked: Asked) -> None:
        def noting(number: int) -> Callable[[Rows], str]:
            def work(rows: Rows) -> str:
                noted = (rows.settings.get("noted") or "") + f"{number} "
                rows.settings.set("noted", noted)
                return noted

            return work

        async def crowd() -> list[str]:
            return await asyncio.gather(*(asked.store.transact(noting(number)) for number in range(40)))

        words = "".join(f"{number} " for number in range(40))
        answers = asyncio.run(crowd())
        assert answers[-1] == words == asked.read(lambda rows: rows.settings.get("noted"))
        assert [len(answer.split()) for answer in answers] == list(range(1, 41))

    def test_of_many_that_ask_at_once_one_that_fails_harms_only_itself(self, asked: Asked) -> None:
        def work(number: int) -> Callable[[Rows], int]:
            def write(rows: Rows) -> int:
                rows.settings.set(f"number {number}", "yes")
                if number % 3 == 1:
                    raise LookupError(number)
                return number

            return write

        async def crowd() -> list[int | BaseException]:
            works = (asked.store.transact(work(number)) for number in range(20))
            return await asyncio.gather(*works, return_exceptions=True)

        for number, answer in enumerate(asyncio.run(crowd())):
            failed = number % 3 == 1
            assert isinstance(answer, LookupError) if failed else answer == number
            kept = asked.read(lambda rows, number=number: rows.settings.get(f"number {number}"))  # type: ignore[misc]
            assert kept == (None if failed else "yes")

    def test_what_was_told_to_be_written_is_seen_by_whoever_asks_next(self, asked: Asked) -> None:
        async def one_after_the_other(name: str) -> None:
            for number in range(10):
                value = str(number)
                await asked.store.transact(lambda rows, value=value: rows.settings.set(name, value))  # type: ignore[misc]
                assert await asked.store.read(lambda rows: rows.settings.get(name)) == value

        async def crowd() -> None:
            await asyncio.gather(*(one_after_the_other(f"name {n}") for n in range(5)))

        asyncio.run(crowd())

    def test_closing_twice_is_harmless(self, asked: Asked) -> None:
        asyncio.run(asked.store.close())
        asyncio.run(asked.store.close())


class Keeping:
    ORDER = Order(
        id=OrderId("o1"),
        number=142,
        customer_name="Ana Araújo",
        customer_phone="(73) 99999-8537",
        status="paid",
        payment_status="confirmed",
        total=Decimal("1234.50"),
        created_at=NOW,
        items=(OrderItem("Açaí 500 ml", 2, Decimal("19.90")), OrderItem("Água", 1, Decimal(4))),
        table_number="7",
        notes="sem granola",
    )

    def test_an_order_comes_back_as_it_went_in(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.orders.save(self.ORDER))
        assert asked.read(lambda rows: rows.orders.get(OrderId("o1"))) == self.ORDER
        assert asked.read(lambda rows: rows.orders.get(OrderId("o2"))) is None

    def test_a_saved_order_replaces_the_former_one(self, asked: Asked) -> None:
        bare = replace(self.ORDER, items=(), table_number=None, payment_status=None, notes="", status="new")
        asked.keep_orders(self.ORDER, bare)
        assert asked.read(lambda rows: rows.orders.latest(9)) == [bare]

    def test_the_latest_orders_come_newest_first(self, asked: Asked) -> None:
        moments = (NOW, NOW + LATER, NOW - LATER, NOW)
        orders = [replace(self.ORDER, id=OrderId(f"o{n}"), created_at=at) for n, at in enumerate(moments)]
        asked.keep_orders(*orders, orders[0])
        assert [order.id for order in asked.read(lambda rows: rows.orders.latest(3))] == ["o1", "o3", "o0"]

    def test_outlines_tell_of_the_orders_since_a_moment_newest_first(self, asked: Asked) -> None:
        moments = (NOW, NOW + LATER, NOW - LATER, NOW)
        orders = [replace(self.ORDER, id=OrderId(f"o{n}"), created_at=at) for n, at in enumerate(moments)]
        asked.keep_orders(*orders)
        seen = asked.read(lambda rows: rows.orders.outlines(NOW, 9)).outlines
        assert [outline.id for outline in seen] == ["o1", "o3", "o0"]
        shown = OrderOutline(OrderId("o1"), 123, self.ORDER.status, self.ORDER.payment_status, NOW + LATER)
        assert replace(seen[0], number=123) == shown
        assert len(asked.read(lambda rows: rows.orders.outlines(None, 9)).outlines) == 4

    @pytest.mark.requirement("Z4")
    def test_outlines_come_page_by_page_each_order_once(self, asked: Asked) -> None:
        moments = (NOW, NOW + LATER, NOW, NOW - LATER, NOW)
        orders = [replace(self.ORDER, id=OrderId(f"o{n}"), created_at=at) for n, at in enumerate(moments)]
        asked.keep_orders(*orders)
        page, seen = None, list[OrderId]()
        for _ in range(3):
            found = asked.read(lambda rows, page=page: rows.orders.outlines(None, 2, page))  # type: ignore[misc]
            seen += [outline.id for outline in found.outlines]
            page = found.next_page
        assert (seen, page) == (["o1", "o4", "o2", "o0", "o3"], None)

    def test_a_page_holds_the_known_ones_of_the_orders_asked_for(self, asked: Asked) -> None:
        orders = [replace(self.ORDER, id=OrderId(f"o{n}")) for n in range(3)]
        asked.keep_orders(*orders)
        page = asked.read(lambda rows: rows.orders.page([OrderId("o2"), OrderId("nobody"), OrderId("o0")]))
        assert sorted(page, key=lambda order: order.id) == [orders[0], orders[2]]
        assert asked.read(lambda rows: rows.orders.page([])) == []

    def test_templates_come_back_in_the_order_in_which_they_were_made(self, asked: Asked) -> None:
        first = MessageTemplate("b", NotificationType.READY, "Pronto, {{firstName}}!")
        second = MessageTemplate("a", NotificationType.READY, "Venha buscar", is_active=False)
        changed = replace(first, content="Está pronto")

        def save_each(rows: Rows) -> None:
            for template in (first, second, changed):
                rows.templates.save(template)

        asked.transact(save_each)
        assert asked.read(lambda rows: rows.templates.all()) == [changed, second]

    @pytest.mark.parametrize("account", [None, WhatsAppAccount("5573@s"), WhatsAppAccount("5573@s", "1@lid")])
    def test_what_is_known_of_a_number_is_kept_and_replaced(
        self, asked: Asked, account: WhatsAppAccount | None
    ) -> None:
        known = KnownNumber(ANA, account, NOW)
        newer = KnownNumber(ANA, WhatsAppAccount("new@s"), NOW + LATER)
        asked.transact(lambda rows: rows.numbers.save(known))
        assert asked.read(lambda rows: rows.numbers.get(ANA)) == known
        assert asked.read(lambda rows: rows.numbers.get(BIA)) is None
        asked.transact(lambda rows: rows.numbers.save(newer))
        assert asked.read(lambda rows: rows.numbers.get(ANA)) == newer

    def test_a_setting_is_kept_and_replaced(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.settings.set("a", "1"))
        asked.transact(lambda rows: rows.settings.set("a", "2"))
        assert asked.read(lambda rows: (rows.settings.get("a"), rows.settings.get("b"))) == ("2", None)

    @pytest.mark.requirement("X3")
    def test_a_pass_that_seals_anew_ends_and_then_nothing_is_outdated(self, asked: Asked) -> None:
        asked.keep_orders(self.ORDER, replace(self.ORDER, id=OrderId("o2")))
        place: ResealPlace | None = ResealPlace()
        for _ in range(100):
            if place is None:
                break
            place = asked.transact(lambda rows, place=place: rows.sealing.reseal(place, 1))  # type: ignore[misc]
        assert place is None
        assert not asked.read(lambda rows: rows.sealing.outdated())
        assert asked.read(lambda rows: rows.orders.get(OrderId("o1"))) == self.ORDER


class Sessions:
    SESSION = SessionData(MAIN, '{"noiseKey": "…"}', paired=False)
    KEYS: ClassVar[dict[str, dict[str, str | None]]] = {
        "session": {f"{ANA.number[1:]}.0": "s0"},
        "pre-key": {"1": "p1", "2": "p2"},
    }

    def test_a_session_is_kept_and_replaced(self, asked: Asked) -> None:
        paired = replace(self.SESSION, credentials="{}", paired=True, phone=ANA)
        asked.transact(lambda rows: rows.sessions.save(self.SESSION))
        assert asked.read(lambda rows: rows.sessions.get(MAIN)) == self.SESSION
        asked.transact(lambda rows: rows.sessions.save(paired))
        assert asked.read(lambda rows: rows.sessions.get(MAIN)) == paired
        assert asked.read(lambda rows: rows.sessions.get(SessionId("second"))) is None

    def test_those_keys_come_back_that_are_kept(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.sessions.save_keys(MAIN, self.KEYS))
        assert self._keys(asked, "pre-key", "2", "3", "1") == {"1": "p1", "2": "p2"}
        assert self._keys(asked, "session", "1", f"{ANA.number[1:]}.0") == self.KEYS["session"]
        assert self._keys(asked, "session") == {}

    def test_keys_are_replaced_and_deleted(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.sessions.save_keys(MAIN, self.KEYS))
        changes: dict[str, dict[str, str | None]] = {
            "pre-key": {"1": None, "2": "new", "9": None},
            "sender-key": {"1": "k1"},
        }
        asked.transact(lambda rows: rows.sessions.save_keys(MAIN, changes))
        assert self._keys(asked, "pre-key", "1", "2", "9") == {"2": "new"}
        assert self._keys(asked, "sender-key", "1") == {"1": "k1"}

    def test_ratchets_are_forgotten_a_batch_at_a_time_and_nothing_else_is(self, asked: Asked) -> None:
        more = {str(each): "s" for each in range(5)}
        both = {**self.KEYS, "session": {**self.KEYS["session"], **more}}
        for session in (MAIN, SessionId("second")):
            asked.transact(partial(_keep, session=session, changes=both))
        forgotten = [asked.transact(lambda rows: rows.sessions.forget_ratchets(5)) for _ in range(4)]
        assert forgotten == [5, 5, 2, 0]
        assert self._keys(asked, "session", "0", f"{ANA.number[1:]}.0") == {}
        assert self._keys(asked, "pre-key", "1", "2") == self.KEYS["pre-key"]

    def test_saving_no_keys_is_harmless(self, asked: Asked) -> None:
        asked.transact(lambda rows: rows.sessions.save_keys(MAIN, {"pre-key": {}}))
        assert self._keys(asked, "pre-key", "1") == {}

    def test_wiping_forgets_one_session_whole(self, asked: Asked) -> None:
        second = SessionId("second")

        def keep_both(rows: Rows) -> None:
            for session in (MAIN, second):
                rows.sessions.save(replace(self.SESSION, session_id=session))
                rows.sessions.save_keys(session, self.KEYS)

        asked.transact(keep_both)
        asked.transact(lambda rows: rows.sessions.wipe(MAIN))
        assert asked.read(lambda rows: rows.sessions.get(MAIN)) is None
        assert self._keys(asked, "pre-key", "1", "2") == {}
        assert asked.read(lambda rows: rows.sessions.get(second)) is not None
        assert asked.read(lambda rows: rows.sessions.keys(second, "pre-key", ["1"])) == {"1": "p1"}

    def test_wiping_all_forgets_every_session(self, asked: Asked) -> None:
        second = replace(self.SESSION, session_id=SessionId("second"))
        asked.transact(lambda rows: rows.sessions.save(self.SESSION))
        asked.transact(lambda rows: rows.sessions.save(second))
        asked.transact(lambda rows: rows.sessions.save_keys(MAIN, self.KEYS))
        asked.transact(lambda rows: rows.sessions.wipe_all())
        assert asked.read(lambda rows: rows.sessions.get(MAIN)) is None
        assert asked.read(lambda rows: rows.sessions.get(second.session_id)) is None
        assert self._keys(asked, "pre-key", "1", "2") == {}

    def _keys(self, asked: Asked, key_type: str, *ids: str) -> dict[str, str]:
        return dict(asked.read(lambda rows: rows.sessions.keys(MAIN, key_type, ids)))


def _keep(rows: Rows, *, session: SessionId, changes: dict[str, dict[str, str | None]]) -> None:
    rows.sessions.save_keys(session, changes)
