"""Policy for replacing a long-running Node process by a fresh one."""

from dataclasses import dataclass
from datetime import timedelta

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RecyclingPolicy:
    """Limits of memory and age: Baileys leaks memory over days; a new process costs a second of the night."""

    most_memory: int = 350 * _MEBIBYTE
    settled_after: timedelta = timedelta(minutes=10)
    """A process that is large so soon would be followed by another as large."""
    old_after: timedelta = timedelta(hours=20)
    night: frozenset[int] = frozenset({3, 4})
    """Hours of the shop's own day."""

    def is_too_large(self, memory_bytes: int, up_for: timedelta) -> bool:
        return memory_bytes > self.most_memory and up_for >= self.settled_after

    def is_due_tonight(self, up_for: timedelta, hour: int) -> bool:
        """Return whether it is due by age and hour; the caller also checks that the queue is idle."""
        return up_for >= self.old_after and hour in self.night
