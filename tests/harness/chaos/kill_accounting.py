"""Accounting after each kill and fault: the messages it met between their write and the stored answer."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.harness.chaos.event_log import BY_KILL, EventLog
from tests.harness.chaos.kept_rows import KeptRow
from tests.harness.chaos.simulated_side import SimulatedSide


@dataclass
class KillAccounting:
    """A message is met once per time that it was on the wire."""

    side: SimulatedSide
    event_log: EventLog
    by_faults: int = 0
    _met: Counter[str] = field(default_factory=Counter)

    def after_program(self, left: Iterable[KeptRow]) -> int:
        """Count the messages that the dead program was sending and had written; both processes have ended."""
        self.after_faults()
        self.event_log.doubts.clear()
        return self._written(row.message_id for row in left if row.state == "sending")

    def after_node(self) -> int:
        """Count the messages that the program reports as lost with its Node process."""
        self.after_faults()
        gone = [doubt.message_id for doubt in self.event_log.doubts]
        self.event_log.doubts.clear()
        return self._written(gone)

    def after_faults(self) -> None:
        """Doubts that no kill has brought about: a cut line, a lost acknowledgement."""
        doubts = self.event_log.doubts
        self.by_faults += self._written(doubt.message_id for doubt in doubts if doubt.reason not in BY_KILL)
        doubts[:] = [doubt for doubt in doubts if doubt.reason in BY_KILL]

    def _written(self, message_ids: Iterable[str]) -> int:
        self.side.look()
        written = [one for one in message_ids if self.side.times[one] > self._met[one]]
        for one in written:
            self._met[one] = self.side.times[one]
        return len(written)
