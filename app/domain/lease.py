"""Lease of a notification while it is being worked on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LeaseOwner:
    """One running process; pid alone is not enough, for pids come again after a restart (Q5)."""

    pid: int
    started: str
    boot: str

    def __str__(self) -> str:
        return f"{self.pid}/{self.started}/{self.boot}"


@dataclass(frozen=True, slots=True)
class Lease:
    """Lease by `owner`, the text of a `LeaseOwner`; after `until` any process may claim the row."""

    owner: str
    until: datetime
