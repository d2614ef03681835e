"""The migration to identities takes over accounts, contacts and waiting messages of a database of before."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from alembic import command
from sqlalchemy import Connection as Database

from app.adapters.sqlite.engine import writing_engine
from app.adapters.sqlite.migrating import _config
from app.bootstrap.database import DATABASE, open_folder
from app.domain.contact import Contact
from app.domain.identity import Connection
from app.domain.lid import Address, Lid
from app.domain.notification import UNFINISHED
from app.domain.phone import Phone
from app.domain.rate_limit import Eligibility
from app.ports.store import Rows
from tests.contracts.asked_store import MAIN, ME, NOW, owed
from tests.harness.every_notification import every_notification
from tests.simulators.moved_clock import MovedClock
from tests.simulators.seeded_entropy import SeededEntropy

RELEASE = Path("tests/fixtures/databases/0.1.0")
EVA, EVA_SHORT = Phone("+5573988880005"), Phone("+557388880005")
BIA, BIA_SHORT = Phone("+5573988880002"), Phone("+557388880002")
DUDA, STRANGER = Phone("+5573988880004"), Phone("+5573988889999")
EVAS, BIAS = Lid("4711@lid"), Lid("815@lid")
EARLY, LATE = 1_796_000_000_000_000, 1_796_000_001_000_000
T = TypeVar("T")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCO_MASTER_KEY", (RELEASE / "key").read_text("ascii").strip())


@pytest.fixture
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Address, bytes]:
    """Blind indexes, from another copy that is migrated already: no migration has the key."""
    folder = tmp_path_factory.mktemp("indexes")
    shutil.copyfile(RELEASE / "training.db", folder / DATABASE)
    exact: Callable[[Address], bytes] = opened(folder, lambda rows: rows.identities._indexes.exact)  # type: ignore[attr-defined]
    return {each: exact(each) for each in (EVA, EVA_SHORT, BIA, BIA_SHORT, DUDA, STRANGER, EVAS, BIAS)}


@pytest.fixture
def former(tmp_path: Path) -> Iterator[Database]:
    """Database at the revision before; committed when the fixture's transaction ends."""
    shutil.copyfile(RELEASE / "training.db", tmp_path / DATABASE)
    with writing_engine(tmp_path / DATABASE).connect() as connection:
        with connection.begin():
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0010")
            connection.exec_driver_sql("UPDATE whatsapp_numbers SET lid_index = NULL")
        yield connection


def opened(folder: Path, work: Callable[[Rows], T], *, training: bool = True) -> T:
    """Open the database as the program does, which migrates it, and run one transaction in it."""

    async def day() -> T:
        database = open_folder(folder, MovedClock(NOW), SeededEntropy(), training=training)
        try:
            return await database.store.transact(work)
        finally:
            await database.store.close()

    return asyncio.run(day())


def learn(former: Database, lid: bytes, *numbers: bytes) -> None:
    """Note the account of cached numbers, as that version did."""
    for number in numbers:
        done = former.exec_driver_sql(
            "UPDATE whatsapp_numbers SET lid_index = ? WHERE phone_index = ?", (lid, number)
        )
        assert done.rowcount == 1


def save_contacts(former: Database, *contacts: tuple[bytes, str, int | None, int | None]) -> None:
    for each in contacts:
        former.exec_driver_sql("REPLACE INTO whatsapp_contacts VALUES (?, ?, ?, ?)", each)


def wake(former: Database, number: bytes) -> None:
    """Let the newest message to this number wait again."""
    woken = former.exec_driver_sql(
        "UPDATE whatsapp_notifications SET state = 'pending', lease_owner = NULL, lease_until = NULL,"
        " session_id = 'main', reason = NULL WHERE seq ="
        " (SELECT max(seq) FROM whatsapp_notifications WHERE phone_index = ?)",
        (number,),
    )
    assert woken.rowcount == 1


@pytest.mark.requirement("K1", "X1", "K5")
def test_migration_keeps_accounts_and_opt_outs_under_every_alias(
    former: Database, indexes: Mapping[Address, bytes], tmp_path: Path
) -> None:
    with former.begin():
        learn(former, indexes[EVAS], indexes[EVA])
        former.exec_driver_sql("UPDATE whatsapp_opt_outs SET undone_at = NULL")

    def work(rows: Rows) -> tuple[object, ...]:
        identities = rows.identities
        return (
            [identities.same(each, EVAS) for each in (EVA, EVA_SHORT, BIA)],
            [rows.opt_outs.in_force(each) is not None for each in (EVA, EVA_SHORT, EVAS, BIA)],
            identities.phone_of(EVAS),
            identities.connect(EVA, EVAS, NOW),
            identities.lid_of(EVA),
            identities.connect(EVA_SHORT, BIAS, NOW),
        )

    same, held, phone, known, lid, moved = opened(tmp_path, work)
    assert same == [True, True, False]
    assert held == [True, True, True, False]
    assert (phone, known, lid, moved) == (EVA, Connection.KNOWN, EVAS, Connection.MOVED)


@pytest.mark.requirement("K1", "X2")
@pytest.mark.parametrize("warm", [BIA, BIA_SHORT])
@pytest.mark.parametrize("checked", [True, False])
def test_migration_keeps_the_known_contact_of_two_spellings(
    former: Database, indexes: Mapping[Address, bytes], tmp_path: Path, warm: Phone, *, checked: bool
) -> None:
    with former.begin():
        cold = BIA_SHORT if warm == BIA else BIA
        save_contacts(former, (indexes[cold], "second", None, None), (indexes[warm], "main", EARLY, LATE))
        if checked:
            learn(former, indexes[BIAS], indexes[BIA])

    def work(rows: Rows) -> list[Contact | None]:
        before = [rows.contacts.get(each) for each in (BIA, BIA_SHORT)]
        rows.identities.connect(BIA, BIAS, NOW)
        return [*before, *(rows.contacts.get(each) for each in (BIA, BIA_SHORT, BIAS))]

    found = opened(tmp_path, work)
    assert all(each and each.known and each.session_id == "main" for each in found)
    assert len(set(found)) == 1


@pytest.mark.requirement("K1", "Q2", "X2")
def test_migration_gives_waiting_messages_their_customer(
    former: Database, indexes: Mapping[Address, bytes], tmp_path: Path
) -> None:
    with former.begin():
        learn(former, indexes[BIAS], indexes[BIA])
        save_contacts(former, (indexes[BIA], "main", EARLY, LATE))
        former.exec_driver_sql("DELETE FROM whatsapp_contacts WHERE phone_index = ?", (indexes[DUDA],))
        former.exec_driver_sql(
            "UPDATE whatsapp_notifications SET state = 'cancelled' WHERE state = 'pending'"
        )
        wake(former, indexes[BIA])
        wake(former, indexes[DUDA])

    def work(rows: Rows) -> tuple[list[bool], list[Phone], bool, list[Phone]]:
        waiting = [row for row in every_notification(rows) if row.state == "pending"]
        right = [row.customer == rows.identities.of(row.phone) for row in waiting]
        far = max(row.scheduled_at for row in waiting)
        rows.identities.connect(DUDA, EVAS, NOW)
        rows.identities.keep(BIA_SHORT, NOW)
        known = rows.notifications.find_due(ME, far, 9, Eligibility(MAIN, cold=False))
        everyone = rows.notifications.find_due(ME, far, 9, Eligibility(MAIN))
        same = rows.identities.same(BIA_SHORT, BIAS)
        return right, [row.phone for row in known], same, sorted((row.phone for row in everyone), key=str)  # type: ignore[misc]

    right, known, same, everyone = opened(tmp_path, work)
    assert right == [True, True]
    assert known == [BIA]
    assert (same, everyone) == (True, sorted([BIA, DUDA], key=str))


@pytest.mark.requirement("K1", "X2")
def test_migration_makes_a_stranger_known_by_the_account_s_other_number(
    former: Database, indexes: Mapping[Address, bytes], tmp_path: Path
) -> None:
    with former.begin():
        learn(former, indexes[BIAS], indexes[BIA], indexes[DUDA])
        former.exec_driver_sql(
            "UPDATE whatsapp_notifications SET state = 'cancelled' WHERE state = 'pending'"
        )
        former.exec_driver_sql("DELETE FROM whatsapp_contacts WHERE phone_index = ?", (indexes[DUDA],))
        save_contacts(former, (indexes[BIA], "main", EARLY, LATE))
        wake(former, indexes[DUDA])

    def work(rows: Rows) -> list[Phone]:
        known = Eligibility(MAIN, cold=False)
        due = rows.notifications.find_due(ME, NOW + timedelta(days=3650), 9, known)
        return [row.phone for row in due if isinstance(row.phone, Phone)]

    assert opened(tmp_path, work) == [DUDA]


@pytest.mark.requirement("K1", "Q2")
@pytest.mark.parametrize("kind", ["real", "training"])
def test_migration_gives_every_waiting_message_of_a_release_its_identity(kind: str, tmp_path: Path) -> None:
    shutil.copyfile(RELEASE / f"{kind}.db", tmp_path / DATABASE)

    def work(rows: Rows) -> list[bool]:
        messages = [row for row in every_notification(rows) if row.phone.text and row.state in UNFINISHED]
        return [row.customer == rows.identities.of(row.phone) for row in messages]

    right = opened(tmp_path, work, training=kind == "training")
    assert right
    assert all(right)


@pytest.mark.requirement("K1", "Q2")
def test_migration_puts_waiting_messages_of_two_spellings_into_one_order(
    former: Database, indexes: Mapping[Address, bytes], tmp_path: Path
) -> None:
    """The younger message was queued under the spelling that the older one was not."""
    with former.begin():
        former.exec_driver_sql(
            "UPDATE whatsapp_notifications SET state = 'cancelled' WHERE state = 'pending'"
        )
        wake(former, indexes[BIA])
    younger = opened(tmp_path, lambda rows: rows.notifications.add(owed("young", phone=BIA_SHORT)))
    assert younger is not None

    def work(rows: Rows) -> list[str | None]:
        due = rows.notifications.find_due(ME, NOW + timedelta(days=3650), 9, Eligibility(MAIN))
        return [row.order_id for row in due if rows.identities.same(row.phone, BIA)]

    found = opened(tmp_path, work)
    assert len(found) == 1
    assert found != ["young"]
