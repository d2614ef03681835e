"""Audit log: entries about protected acts, chained so that edits and truncation are found (X5)."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Actor(StrEnum):
    """Role under which an act was tried; `ANYONE` while no PIN is set."""

    ANYONE = "anyone"
    CASHIER = "cashier"
    MANAGER = "manager"


class AuditResult(StrEnum):
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Act that was allowed or refused; without personal data."""

    at: datetime
    act: str
    actor: Actor
    result: AuditResult


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Event with its place in the chain: `mac` authenticates it together with its predecessor's."""

    number: int
    event: AuditEvent
    mac: bytes = field(repr=False)

    def chained_text(self, before: bytes) -> str:
        """Return the text that the MAC authenticates; `before` is the MAC of the entry before it."""
        event = self.event
        parts = (
            before.hex(),
            str(self.number),
            event.at.isoformat(),
            event.act,
            event.actor.value,
            event.result.value,
        )
        return "\0".join(parts)


class AuditFault(StrEnum):
    """Kinds of tampering that the verifier finds."""

    ALTERED = "altered"
    MISSING = "missing"
    TRUNCATED = "truncated"
    HEAD_ALTERED = "head_altered"


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Fault at the entry of this number."""

    number: int
    fault: AuditFault


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Result of verifying the chain."""

    entries: int
    findings: tuple[AuditFinding, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.findings
