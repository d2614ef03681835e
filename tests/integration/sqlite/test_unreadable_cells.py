"""A row that no longer opens costs its own customer a call, and nobody else anything."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.notification import State
from app.domain.order import Order
from app.domain.phone import Phone
from tests.harness.opened_store import open_training_store
from tests.harness.shop import Shop, open_shop
from tests.simulators.moved_clock import let_tasks_run


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("column", ["message_content", "customer_phone"])
def test_a_queued_row_that_does_not_open_fails_alone(
    tmp_path: Path, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def day() -> None:
        store = open_training_store(tmp_path)
        async with open_shop(store=store) as shop:
            await shop.core.queue.pause()
            broken, sound = shop.order(1), shop.order(2, Phone("+5573999548532").number)
            await shop.see(broken)
            await shop.see(sound)
            _break(tmp_path, column, broken.id)
            await shop.core.queue.resume()
            await _over(shop, broken, sound)
            failed = await shop.message(broken)
            assert (failed.state, failed.reason, failed.lease) == (State.FAILED, "unreadable", None)
            assert (await shop.message(sound)).state is State.SENT
            assert len(shop.messenger.sends) == 1
        await store.close()

    asyncio.run(day())
    told = [
        (vars(each)["table"], vars(each)["column"]) for each in caplog.records if each.msg == "row_unreadable"
    ]
    assert told == [("whatsapp_notifications", column)]


async def _over(shop: Shop, *orders: Order) -> None:
    """The real store answers from threads of its own, which a moved clock does not wait for."""
    for _ in range(20_000):
        await let_tasks_run()
        states = [(await shop.message(order)).state for order in orders]
        if not {State.PENDING, State.SENDING} & set(states):
            return


def _break(folder: Path, column: str, order_id: str) -> None:
    change = f"UPDATE whatsapp_notifications SET {column} = zeroblob(40) WHERE order_id = ?"  # noqa: S608 - ours
    with closing(sqlite3.connect(folder / "coco.db")) as connection, connection:
        assert connection.execute(change, (order_id,)).rowcount == 1
