"""Whichever cell of the database stops reading, it harms its own row alone (Z1)."""

import asyncio
import shutil
from itertools import groupby
from pathlib import Path

import pytest

from app.domain.errors import FatalError
from app.domain.events import ProblemReported
from app.domain.identifiers import OrderId
from app.domain.notification import Notification, State
from app.domain.phone import Phone
from app.ports.store import Rows
from app.services.storage.unreadable_rows import ROW_UNREADABLE
from tests.harness.damaged_database import (
    BACK,
    LEFT,
    OF_BACK,
    TOLD,
    Cell,
    cells,
    damage,
    fill,
    phone_of,
    settle,
)
from tests.harness.every_notification import in_state
from tests.harness.opened_store import open_training_store
from tests.harness.shop import MAIN, Shop, open_shop
from tests.simulators.moved_clock import MovedClock

pytestmark = [pytest.mark.requirement("Z1"), pytest.mark.slow]

COLUMNS = {
    name: list(damages) for name, damages in groupby(cells(), key=lambda cell: f"{cell.table}.{cell.column}")
}
VICTIM, NEW, UNWILLING = 2, 20, 21
"""Orders: whose message is damaged, of a customer who comes afterwards, of one who has opted out."""
START = MovedClock().now()
# Without these the program ends with a sentence.
NEEDED_TO_START = frozenset({"vault_keys", "database"})
# They are written, for people and other programs, or rows are found by them, and nothing reads them.
NEVER_READ = frozenset(
    {
        "database.created_at",
        "whatsapp_notifications.to_stranger",
        "notification_templates.variables",
        "notification_templates.created_at",
        "notification_templates.updated_at",
        "whatsapp_consents.order_id",
        "whatsapp_aliases.alias_index",
        "whatsapp_aliases.kind",
        "whatsapp_contacts.customer_id",
        "whatsapp_chat_timers.customer_id",
        "whatsapp_chat_timers.session_id",
        "whatsapp_notifications.customer_id",
        "whatsapp_heard_words.heard_at",
        "whatsapp_heard_words.message_id",
        "whatsapp_heard_words.phone_index",
        "whatsapp_histories.session_id",
        # SQL counts on from a text as from 0.
        "whatsapp_histories.tries",
        "whatsapp_inbound.order_id",
        "whatsapp_notifications.status",
        "whatsapp_numbers.phone_index",
        "whatsapp_numbers.suspect_of",
        "whatsapp_opt_outs.phone_index",
        "whatsapp_session_keys.key_id",
        "whatsapp_session_keys.session_id",
        "whatsapp_session_keys.type",
        "whatsapp_session_keys.value",
        "whatsapp_sessions.created_at",
        "whatsapp_sessions.is_active",
        "whatsapp_sessions.session_id",
        "whatsapp_sessions.updated_at",
        "settings.name",
        "whatsapp_inbound.about",
        "whatsapp_inbound.lid_index",
        *(name for name in COLUMNS if name.endswith(".retained_from")),
    }
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(fill(folder, MovedClock(START)))
    return folder


@pytest.mark.parametrize("column", COLUMNS)
def test_shop_tells_all_others_when_one_cell_does_not_read(
    filled: Path, tmp_path: Path, column: str, caplog: pytest.LogCaptureFixture
) -> None:
    for cell in COLUMNS[column]:
        folder = tmp_path / cell.damage
        shutil.copytree(filled, folder)
        if damage(folder, cell):
            caplog.clear()
            asyncio.run(_day(folder, cell, caplog))


async def _day(folder: Path, cell: Cell, caplog: pytest.LogCaptureFixture) -> None:
    try:
        store = open_training_store(folder)
    except FatalError:
        assert cell.table in NEEDED_TO_START
        return
    async with open_shop(store=store, clock=MovedClock(START), seed=2, paired=False) as shop:
        await shop.see(shop.order(NEW, phone_of(0)))
        await shop.see(shop.order(UNWILLING, LEFT.number))
        await settle(shop, 30)
        outlines = await shop.core.board.outlines(None)
        await shop.core.board.rows([each.id for each in outlines.orders])
        await shop.store.read(lambda rows: _read_all(rows, shop.order(TOLD).id))
        await shop.store.transact(_take_histories)
        await settle(shop, 1)
        await _check_told(shop, cell)
        _check_reported(shop, cell, caplog)


def _read_all(rows: Rows, order_id: OrderId) -> None:
    """What no screen of this day has read."""
    rows.replies.of_order(order_id)
    rows.replies.unread([order_id])
    rows.consents.of_order(order_id)
    for known in (Phone(phone_of(TOLD)), BACK):
        rows.numbers.get(known)
    rows.identities.lid_of(BACK)
    for number in (0, 2, 3, 4):
        rows.chat_timers.seconds_of(MAIN, Phone(phone_of(number)))
    rows.identities.phone_of(OF_BACK)
    rows.sessions.keys(MAIN, "pre-key", ["1", "2"])
    rows.notifications.counts()
    for phone in (LEFT, BACK):
        rows.opt_outs.history(phone)


def _take_histories(rows: Rows) -> None:
    """Read the kept notices as the reader of histories does, which counts each try."""
    for notice_id in rows.histories.waiting(MAIN):
        rows.histories.take(notice_id)


async def _check_told(shop: Shop, cell: Cell) -> None:
    if (cell.table, cell.column) in (
        ("whatsapp_sessions", "session_data"),
        ("whatsapp_sessions", "session_id"),
    ):
        return  # nothing is sent by a number that has to be paired again
    victim = (VICTIM,) if cell.table == "whatsapp_notifications" else ()
    for number in {2, 3, 4, NEW} - set(victim):
        row = await shop.message(shop.order(number))
        assert row.state is State.SENT, f"{cell}: order {number} is {row.state}"
    unwilling = await shop.message(shop.order(UNWILLING))
    lost = (cell.table, cell.column) == ("whatsapp_opt_outs", "phone_index")
    assert lost or unwilling.state is State.SUPPRESSED, str(cell)
    if victim and cell.column not in ("session_id", "order_id"):
        assert await _is_over(shop), str(cell)


async def _is_over(shop: Shop) -> bool:
    """Whether no message waits."""

    def waiting(rows: Rows) -> list[Notification]:
        return [row for state in (State.PENDING, State.SENDING) for row in in_state(rows, state)]

    return await shop.store.read(waiting) == []


def _check_reported(shop: Shop, cell: Cell, caplog: pytest.LogCaptureFixture) -> None:
    told = {
        (vars(each)["table"], vars(each)["column"]) for each in caplog.records if each.msg == "row_unreadable"
    }
    never_read = f"{cell.table}.{cell.column}" in NEVER_READ
    if cell.damage in ("type", "no utf-8") and not never_read:
        assert (cell.table, cell.column) in told, f"{cell}: {told}"
    troubles = [each for each in shop.events if each == ProblemReported(ROW_UNREADABLE)]
    assert len(troubles) == len({table for table, _ in told} - NEEDED_TO_START)
