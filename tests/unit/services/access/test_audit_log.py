"""Audit log: its chain, and the tampering that its verifier finds."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from app.domain.audit import Actor, AuditEntry, AuditFault, AuditResult
from app.ports.store import Rows
from app.services.access.audit_log import HEAD
from tests.harness.access import AccessHarness, open_access
from tests.simulators.memory_store import MemoryStore

pytestmark = pytest.mark.requirement("X5")

T = TypeVar("T")

ENTRIES = 6
Log = dict[int, AuditEntry]


async def _filled(store: MemoryStore, entries: int = ENTRIES) -> AccessHarness:
    access = await open_access(store)
    for each in range(entries):
        await access.audit.record(f"act_{each}", Actor.MANAGER, AuditResult.ALLOWED)
    return access


def _change(log: Log, number: int, **event: object) -> None:
    log[number] = replace(log[number], event=replace(log[number].event, **event))  # type: ignore[arg-type]


def _swap(log: Log) -> None:
    log[2], log[3] = replace(log[3], number=2), replace(log[2], number=3)


def _number_from_one(log: Log) -> None:
    kept = [log[each] for each in sorted(log) if each != 1]
    log.clear()
    log.update({number: replace(entry, number=number) for number, entry in enumerate(kept, 1)})


TAMPERINGS: dict[str, Callable[[Log], object]] = {
    "another act": lambda log: _change(log, 2, act="other"),
    "another moment": lambda log: _change(log, 2, at=log[2].event.at + timedelta(microseconds=1)),
    "another actor": lambda log: _change(log, 2, actor=Actor.CASHIER),
    "another result": lambda log: _change(log, 2, result=AuditResult.REFUSED),
    "another MAC": lambda log: log.update({2: replace(log[2], mac=bytes(32))}),
    "the last entry changed": lambda log: _change(log, ENTRIES, act="other"),
    "the first entry deleted": lambda log: log.pop(1),
    "the first entry deleted, the others numbered anew": _number_from_one,
    "an entry deleted": lambda log: log.pop(3),
    "the last entry deleted": lambda log: log.pop(ENTRIES),
    "every entry deleted": lambda log: log.clear(),
    "two entries swapped": _swap,
    "an entry repeated at the end": lambda log: log.update(
        {ENTRIES + 1: replace(log[2], number=ENTRIES + 1)}
    ),
    "a forged entry before every possible one": lambda log: log.update(
        {-(2**63): replace(log[1], number=-(2**63))}
    ),
    "a forged entry in front": lambda log: log.update({0: replace(log[1], number=0)}),
}


def test_verify_finds_a_log_that_was_left_alone_sound() -> None:
    async def story() -> None:
        for entries in (0, 1, ENTRIES, 1001):
            report = await (await _filled(MemoryStore(), entries)).audit.verify()
            assert (report.is_sound, report.entries) == (True, entries)

    asyncio.run(story())


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_verify_finds_tampering(tampering: str) -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await _filled(store)
        await store.transact(lambda rows: TAMPERINGS[tampering](rows.audit._rows) and None)  # type: ignore[attr-defined]
        assert not (await access.audit.verify()).is_sound

    asyncio.run(story())


@pytest.mark.parametrize(
    "head",
    ["", "{", '{"number": 3, "mac": "00", "head_mac": "00"}', '{"number": 0, "mac": "", "head_mac": ""}'],
)
def test_verify_finds_a_head_that_was_changed(head: str) -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await _filled(store)
        await store.transact(lambda rows: rows.settings.set(HEAD, head))
        assert not (await access.audit.verify()).is_sound

    asyncio.run(story())


def test_verify_finds_an_older_head_beside_its_entries() -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await _filled(store, 3)
        older = await store.read(lambda rows: rows.settings.get(HEAD)) or ""
        await access.audit.record("later", Actor.MANAGER, AuditResult.ALLOWED)
        await store.transact(lambda rows: rows.settings.set(HEAD, older))
        report = await access.audit.verify()
        assert [each.fault for each in report.findings] == [AuditFault.HEAD_ALTERED]

    asyncio.run(story())


def test_record_goes_on_after_tampering_and_hides_it_from_no_verifier() -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await _filled(store)
        await store.transact(lambda rows: rows.settings.set(HEAD, ""))
        await access.audit.record("later", Actor.MANAGER, AuditResult.ALLOWED)
        latest = await access.audit.latest(2)
        assert [each.number for each in latest] == [ENTRIES + 1, ENTRIES]
        assert not (await access.audit.verify()).is_sound

    asyncio.run(story())


def test_verify_with_another_index_key_finds_every_entry_altered() -> None:
    async def story() -> None:
        store = MemoryStore()
        await _filled(store)
        report = await (await open_access(store)).audit.verify()
        assert len(report.findings) == ENTRIES + 1

    asyncio.run(story())


def test_head_holds_nothing_but_number_and_macs() -> None:
    async def story() -> None:
        store = MemoryStore()
        await _filled(store)
        head = json.loads(await store.read(lambda rows: rows.settings.get(HEAD) or ""))
        assert set(head) == {"number", "mac", "head_mac"}

    asyncio.run(story())


def test_verify_takes_an_act_that_is_recorded_meanwhile_for_no_tampering() -> None:
    class RecordingStore(MemoryStore):
        """Store in which another act is recorded after the second read of a screen, which finds no more entries."""

        access: AccessHarness
        reads = 0

        async def read_for_screen(self, work: Callable[[Rows], T]) -> T:
            read = await super().read_for_screen(work)
            self.reads += 1
            if self.reads == 2:
                await self.access.audit.record("other", Actor.CASHIER, AuditResult.REFUSED)
            return read

    async def story() -> None:
        store = RecordingStore()
        store.access = await _filled(store)
        assert (await store.access.audit.verify()).is_sound

    asyncio.run(story())


def test_head_of_a_log_with_millions_of_entries_is_readable() -> None:
    async def story() -> None:
        store = MemoryStore()
        access = await _filled(store, 1)
        (first,) = await access.audit.latest(1)
        many = access.audit._head_text(replace(first, number=5_000_000))
        await store.transact(lambda rows: rows.settings.set(HEAD, many))
        await access.audit.record("later", Actor.MANAGER, AuditResult.ALLOWED)
        assert [each.number for each in await access.audit.latest(1)] == [5_000_001]
        report = await access.audit.verify()
        assert AuditFault.HEAD_ALTERED not in [each.fault for each in report.findings]

    asyncio.run(story())
