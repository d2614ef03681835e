"""Filled database, and the ways in which one of its cells can become unreadable."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table

from app.adapters.sqlite.checked_columns import Blob, Count, Flag, RowId
from app.adapters.sqlite.exact_columns import Moment
from app.adapters.sqlite.plain_tables import plain
from app.adapters.sqlite.tables import Tables
from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.consent import Consent, ConsentWay
from app.domain.customer_reply import CustomerReply
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import Lid
from app.domain.opt_out import OptOut, OptOutSource
from app.domain.phone import Phone
from app.domain.session import SessionData
from app.ports.store import Rows
from tests.harness.opened_store import open_training_store
from tests.harness.shop import MAIN, Shop, open_shop
from tests.simulators.moved_clock import MovedClock, let_tasks_run
from tests.simulators.scripted_messenger import ScriptedMessenger

FILE = "coco.db"
LEFT, BACK, BACK_TOO = Phone("+5573999548539"), Phone("+5573999548538"), Phone("+5573999548537")
"""Customers who have opted out, and who have opted in again."""
OF_BACK = Lid("1@lid")
TOLD = 1
"""The order whose customer was told before the damage; of 2 to 4 the messages wait."""


def phone_of(number: int) -> str:
    return f"+557399954853{number}"


async def settle(shop: Shop, rounds: int = 30) -> None:
    """Let the shop work on a store that answers from threads of its own."""
    for turn in range(rounds):
        await let_tasks_run()
        await shop.store.read(lambda _: None)
        await shop.store.transact(lambda _: None)
        if turn % 10 == 9:
            await shop.pass_time(seconds=1)


async def fill(folder: Path, clock: MovedClock) -> None:
    """Every table has rows, and each row that is going to be damaged stands before sound ones."""
    async with open_shop(store=open_training_store(folder), clock=clock) as shop:
        await shop.see(shop.order(TOLD, phone_of(TOLD)))
        await settle(shop)
        await shop.store.transact(lambda rows: _keep(rows, shop))
    store = open_training_store(folder)
    async with open_shop(store=store, clock=clock, seed=1, paired=False, prepare=_offline) as shop:
        for number in (2, 3, 4):
            await shop.see(shop.order(number, phone_of(number)))
        await settle(shop)


def _offline(messenger: ScriptedMessenger) -> None:
    messenger.opens = False


def _keep(rows: Rows, shop: Shop) -> None:
    at, order_id = shop.clock.now(), shop.order(TOLD).id
    for number in (TOLD, 5):
        chosen = replace(shop.order(number, phone_of(number)), source_phone=phone_of(0))
        rows.orders.save(chosen)
    for number in (TOLD, 2):
        phone, message_id = Phone(phone_of(number)), MessageId(f"3A{number}")
        said = CustomerReply(
            message_id, MAIN, phone, "text", "pode trocar?", at, live=True, order_id=order_id
        )
        rows.replies.keep(said)
        rows.consents.keep(Consent(message_id, MAIN, phone, ConsentWay.WRITTEN, "oi", at, order_id))
    for phone in (LEFT, BACK, BACK_TOO):
        rows.opt_outs.add(
            phone, OptOut(at, OptOutSource.CUSTOMER, reason="pediu", message_id=MessageId("3AX"))
        )
        rows.opt_outs.hear(phone, MessageId("3AX"), at)
    for phone in (BACK, BACK_TOO):
        rows.opt_outs.undo(phone, at, OptOutSource.MANAGER, "voltou")
    rows.numbers.save(KnownNumber(BACK, WhatsAppAccount("1@s.whatsapp.net", OF_BACK.text), at))
    rows.identities.connect(BACK, OF_BACK, at)
    rows.sessions.save(SessionData(SessionId("second"), "c", paired=True, phone=BACK))
    rows.sessions.save_keys(MAIN, {"pre-key": {"1": "a", "2": "b"}})
    for notice in ("3AH1", "3AH2"):
        rows.histories.keep(MAIN, notice, "notice")
    for number in (0, 2, 3, 4, 20):
        rows.chat_timers.record(MAIN, Phone(phone_of(number)), 86_400, at)
    rows.settings.set("queue_paused", "no")


@dataclass(frozen=True)
class Cell:
    """One column of one row, and its damage."""

    table: str
    column: str
    damage: str
    value: str
    """SQL for the damaged cell."""
    where: str = "rowid = (SELECT min(rowid) FROM {table})"

    def __str__(self) -> str:
        return f"{self.table}.{self.column}-{self.damage}"


def cells() -> Iterator[Cell]:
    """Every column of every table that the code declares, in each way that its type knows."""
    for table in (*Tables().metadata.sorted_tables, *plain.sorted_tables):
        for column in table.c:
            if column.computed is None and not _is_place(column):
                for damage, value in _damages(column).items():
                    yield replace(Cell(table.name, column.name, damage, value), where=_where(table))


def damage(folder: Path, cell: Cell) -> bool:
    """Damage the cell; return whether the database accepted that."""
    with closing(sqlite3.connect(folder / FILE)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        which = cell.where.format(table=cell.table)
        change = f"UPDATE {cell.table} SET {cell.column} = {cell.value} WHERE {which}"  # noqa: S608 - ours
        try:
            return connection.execute(change).rowcount == 1
        except sqlite3.IntegrityError:
            return False


def _is_place(column: Column[Any]) -> bool:
    """SQLite stores an integer primary key as the row id, which is always an integer."""
    return column.name in ("seq", "id") and column.primary_key and str(column.type) == "INTEGER"


def _where(table: Table) -> str:
    if table.name == "whatsapp_notifications":
        return "order_id LIKE '%2'"
    if table.name == "whatsapp_aliases":
        return "kind = 'lid'"
    if table.name == "settings":
        return "name = 'queue_paused'"
    first = table.primary_key.columns[0].name
    return f"{first} = (SELECT min({first}) FROM {{table}})"  # noqa: S608 - ours


def _damages(column: Column[Any]) -> dict[str, str]:
    name, kind = column.name, column.type
    if isinstance(kind, (Count, Flag, Moment)):
        return {"flipped": f"ifnull({name}, 0) | (1 << 62)", "type": "'nonsense'", "null": "NULL"}
    if isinstance(kind, Blob):
        flipped = f"CAST(substr({name}, 1, length({name}) - 1) || x'00' AS BLOB)"
        return {"flipped": flipped, "type": "'nonsense'", "empty": "x''", "null": "NULL"}
    flipped = f"'!' || substr(ifnull({name}, ''), 2)"
    spelling = {"spelling": f"upper({name})"} if isinstance(kind, RowId) else {}
    return {
        **spelling,
        "flipped": flipped,
        "type": "x'ff00'",
        "no utf-8": "CAST(x'ff' AS TEXT)",
        "empty": "''",
        "null": "NULL",
    }
