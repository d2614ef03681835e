"""Audit log: appends to the HMAC chain and verifies it (X5)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.domain.audit import Actor, AuditEntry, AuditEvent, AuditFault, AuditFinding, AuditReport, AuditResult
from app.ports.clock import Clock
from app.ports.store import Rows, Store
from app.ports.vault import Vault
from app.services.storage.stored_settings import read_fields, read_text

HEAD: Final = "audit_head"
"""Setting: number and MAC of the last entry, with a MAC of their own, so that a truncation is found."""

_CHAIN, _HEAD = "audit_chain", "audit_head"
_PAGE: Final = 500
_MOST_FINDINGS: Final = 100


@dataclass(frozen=True, slots=True)
class _Head:
    """Last entry of the chain; `genuine` if its own MAC is right."""

    number: int = 0
    mac: bytes = b""
    genuine: bool = True


class AuditLog:
    """Chain of entries; the MACs need the index key, which the database holds only wrapped."""

    def __init__(self, store: Store, vault: Vault, clock: Clock) -> None:
        self._store, self._vault, self._clock = store, vault, clock

    async def record(self, act: str, actor: Actor, result: AuditResult) -> None:
        """Append an event; on disk when this returns."""
        at = self._clock.now()
        await self._store.transact(lambda rows: self.append(rows, act, actor, result, at))

    def append(self, rows: Rows, act: str, actor: Actor, result: AuditResult, at: datetime) -> None:
        """Append an event in a transaction of the caller."""
        head = self._head(rows)
        # A head that was deleted or set back must not overwrite entries.
        number = max(head.number, rows.audit.last_number()) + 1
        unsigned = AuditEntry(number, AuditEvent(at, act, actor, result), b"")
        entry = replace(unsigned, mac=self._vault.mac(_CHAIN, unsigned.chained_text(head.mac)))
        rows.audit.add(entry)
        rows.settings.set(HEAD, self._head_text(entry))

    async def latest(self, limit: int) -> tuple[AuditEntry, ...]:
        return tuple(await self._store.read_for_screen(lambda rows: rows.audit.latest(limit)))

    async def verify(self) -> AuditReport:
        """Check every entry against its predecessor, and the last one against the head.

        The head is read together with the end of the entries: an act may be recorded meanwhile.
        """
        entries, before, findings = 0, _Head(), list[AuditFinding]()
        page, head = await self._page(None)
        while page:
            for entry in page:
                findings += self._findings(entry, before)
                before = _Head(entry.number, entry.mac)
            entries += len(page)
            page, head = await self._page(before.number)
        if not head.genuine or head.number < before.number:
            findings.append(AuditFinding(head.number, AuditFault.HEAD_ALTERED))
        elif (head.number, head.mac) != (before.number, before.mac):
            first_lost = min(before.number + 1, head.number)
            findings.append(AuditFinding(first_lost, AuditFault.TRUNCATED))
        return AuditReport(entries, tuple(findings[:_MOST_FINDINGS]))

    async def _page(self, cursor: int | None) -> tuple[Sequence[AuditEntry], _Head]:
        return await self._store.read_for_screen(
            lambda rows: (rows.audit.after(cursor, _PAGE), self._head(rows))
        )

    def _findings(self, entry: AuditEntry, before: _Head) -> list[AuditFinding]:
        if entry.number != before.number + 1:
            return [AuditFinding(before.number + 1, AuditFault.MISSING)]
        genuine = entry.mac == self._vault.mac(_CHAIN, entry.chained_text(before.mac))
        return [] if genuine else [AuditFinding(entry.number, AuditFault.ALTERED)]

    def _head(self, rows: Rows) -> _Head:
        kept = rows.settings.get(HEAD)
        if kept is None:
            return _Head()
        found = read_fields(HEAD, kept, {"number": _read_number, "mac": _read_mac, "head_mac": read_text})
        number, mac = found.get("number", 0), found.get("mac", b"")
        return _Head(number, mac, genuine=found.get("head_mac") == self._head_mac(number, mac))

    def _head_text(self, entry: AuditEntry) -> str:
        head_mac = self._head_mac(entry.number, entry.mac)
        return json.dumps({"number": entry.number, "mac": entry.mac.hex(), "head_mac": head_mac})

    def _head_mac(self, number: int, mac: bytes) -> str:
        return self._vault.mac(_HEAD, f"{number}\0{mac.hex()}").hex()


def _read_number(value: object) -> int:
    """Return a number without a bound: the log is never emptied."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _read_mac(value: object) -> bytes:
    return bytes.fromhex(read_text(value))
