"""Recorded program: opens the shop's folder as the product does, checks what was promised, works, closes.

Each line of stdin is a day to live through. The answer is what was wrong in the morning; the shop then stands open and
still until the next line closes it, which is answered by `closed`.
"""

import asyncio
import json
import os
import random  # noqa: TID251 - see shop_harness.py
import sys
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final
from unittest import mock

from sqlalchemy import Engine, event

from app.adapters.sqlite import SqliteStore
from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.log_files import LogFiles
from app.adapters.system.single_instance import SingleInstance
from app.bootstrap.database import DATABASE
from app.bootstrap.shop import training_store
from app.domain.errors import CocoLokoError
from app.domain.session import SessionData
from tests.harness.power.durability_check import broken, damage, torn
from tests.harness.power.promises import Kept, Promise, as_line, said
from tests.harness.power.shop_harness import RecordedShopHarness
from tests.harness.shop import MAIN, PAIRED, open_shop

ANSWERS: Final = 1
SAYS: Final = int(os.environ.get("POWER_SAID", "2"))


@dataclass(frozen=True, slots=True)
class Day:
    """`kept` are lines of promises; `migrations` is where the tables' revisions of that day's program lie."""

    folder: str
    name: str
    seed: int
    acts: int
    kept: str = ""
    migrations: str | None = None
    passphrase: str | None = None

    @property
    def promises(self) -> list[Promise]:
        return said(self.kept.encode())


def ask(day: Day) -> bytes:
    return json.dumps(asdict(day)).encode() + b"\n"


def careless(connection: Any, _record: object) -> None:
    """Switch full synchronisation off, to show that the check finds the loss."""
    connection.execute("PRAGMA synchronous=OFF")


async def live(day: Day) -> None:
    """Answers what is found to be wrong in the morning; nothing more is done that day then."""
    folder = Path(day.folder)
    prepare_data_folder(folder)
    with SingleInstance(folder), LogFiles(folder):
        store = training_store(folder)
        assert isinstance(store, SqliteStore)
        try:
            if wrong := damage(folder / DATABASE) or await _wrong(store, day.promises):
                _answer(wrong)
            else:
                await _work(store, day)
        finally:
            await store.close()


async def _wrong(store: SqliteStore, promises: list[Promise]) -> list[str]:
    return await store.read(lambda rows: [*broken(rows, promises), *torn(rows, promises)])


async def _work(store: SqliteStore, day: Day) -> None:
    """Answers while the shop is still open; the next line on stdin closes it."""
    written = max((each.level for each in day.promises if each.kept is Kept.CREDENTIALS), default=0)
    if await store.read(lambda rows: rows.sessions.get(MAIN)) is None:
        first = SessionData(MAIN, str(written), paired=True, phone=PAIRED.phone)
        await store.transact(lambda rows: rows.sessions.save(first))
    os.write(SAYS, as_line(Promise(Kept.CREDENTIALS, MAIN, written)))
    async with open_shop(store=store, paired=False, seed=day.seed) as shop:
        chance = random.Random(day.seed)  # noqa: S311
        await RecordedShopHarness(shop, store, chance, day.name, written, SAYS).work(day.acts)
        # From here on the loop stands still, and so does the database once it has done what it was asked before.
        store._writer._executor.submit(int).result()
        _answer([])
        sys.stdin.readline()


def _answer(wrong: list[str]) -> None:
    os.write(ANSWERS, json.dumps(wrong).encode() + b"\n")


def _live_as(day: Day) -> None:
    with ExitStack() as premises:
        if day.migrations:
            place = Path(day.migrations)
            premises.enter_context(mock.patch("app.adapters.sqlite.migrating._MIGRATIONS", place))
        known = {"COCO_PASSPHRASE": day.passphrase} if day.passphrase else {}
        premises.enter_context(mock.patch.dict(os.environ, known))
        try:
            asyncio.run(live(day))
        except Exception as error:  # noqa: BLE001 - whatever it is, the shop stays shut
            _answer([f"does not open: {error!r} {error.facts if isinstance(error, CocoLokoError) else ''}"])


def main() -> None:
    if "--careless" in sys.argv:
        event.listen(Engine, "connect", careless)
    while line := sys.stdin.readline():
        _live_as(Day(**json.loads(line)))
        os.write(ANSWERS, b"closed\n")


if __name__ == "__main__":
    main()
