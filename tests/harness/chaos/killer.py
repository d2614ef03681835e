"""Killer of the program and of Node; measures recovery: seconds until the rows of a kill are settled or sending."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from app.ports.clock import Clock
from tests.harness.chaos.event_log import UNTOLD, Course, EventLog
from tests.harness.chaos.kept_rows import KeptRows
from tests.harness.chaos.kill_accounting import KillAccounting
from tests.harness.chaos.life import Life
from tests.harness.chaos.steps import ANYWHERE

_DIES_WITHIN: Final = timedelta(seconds=10)
_NOTICED_WITHIN: Final = timedelta(seconds=2)
_RECOVERS_WITHIN: Final = timedelta(seconds=60)
_LOOK_EVERY: Final = timedelta(milliseconds=10)
_ON_ITS_WAY_OR_OVER: Final = frozenset(
    {"sending", "sent", "delivered", "read", "failed", "suppressed", "cancelled"}
)


@dataclass(frozen=True, slots=True)
class Kill:
    """`unanswered` messages were on the wire and their answer was not stored."""

    step: str
    target: str
    at: timedelta
    held: frozenset[str]
    unanswered: int


@dataclass(frozen=True, slots=True)
class Met:
    """Rows that the killed process held, and how many were on the wire unanswered."""

    held: frozenset[str]
    unanswered: int


@dataclass
class Killer:
    clock: Clock
    event_log: EventLog
    kept: KeptRows
    accounting: KillAccounting
    in_doubt: str
    kills: list[Kill] = field(default_factory=list)
    recoveries: list[timedelta] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)
    """Histories of the rows that did not recover in a measured kill."""
    left_behind: int = 0
    """Node processes that outlived their program."""
    unrecovered: Kill | None = None
    """Last kill, if its recovery is measured and it met rows."""

    async def strike(self, life: Life, step: str, target: str, *, watched: bool) -> None:
        at = self.clock.steady()
        if target == "app":
            met = await self._kill_program(life)
        else:
            met = await self._kill_node(life)
        kill = Kill(step if _shows(step, met) else ANYWHERE, target, at, met.held, met.unanswered)
        for one in kill.held:
            self.event_log.note(one, f"kill {len(self.kills) + 1} of {target} at {step}")
        self.kills.append(kill)
        self.unrecovered = kill if watched and kill.held else None

    async def recovered(self) -> None:
        """Wait for all rows of the measured kill; the recovery lasts until the last one."""
        kill, self.unrecovered = self.unrecovered, None
        if kill is None:
            return
        until = kill.at + _RECOVERS_WITHIN
        while not self._is_over(kill) and self.clock.steady() < until:
            await self.clock.sleep(_LOOK_EVERY)
        courses = [course for one in kill.held if (course := self.event_log.courses.get(one))]
        if self._is_over(kill):
            self.recoveries.append(max(course.told_at for course in courses) - kill.at)
        else:
            self.recoveries.append(_RECOVERS_WITHIN)
            self.unsettled += [course.told for course in courses if not self._is_settled(course)]

    async def _kill_program(self, life: Life) -> Met:
        life.kill()
        await self.clock.wait(life.ended, _DIES_WITHIN)
        until = self.clock.steady() + _DIES_WITHIN
        while life.nodes_left() and self.clock.steady() < until:
            await self.clock.sleep(_LOOK_EVERY)
        self.left_behind += life.nodes_left()
        self.event_log.correct(self.kept.states(self.event_log.untold))
        rows = self.kept.held()
        return Met(frozenset(row.id for row in rows), self.accounting.after_program(rows))

    async def _kill_node(self, life: Life) -> Met:
        sending = self.event_log.in_state("sending")
        while (node := life.node()) is None and not life.ended.is_set():
            await self.clock.sleep(_LOOK_EVERY)
        if node:
            node.kill()
        life.connected.clear()
        until = self.clock.steady() + _NOTICED_WITHIN
        while self.event_log.in_state("sending") and self.clock.steady() < until:
            await self.clock.sleep(_LOOK_EVERY)
        # What is sent by now had been answered before the kill.
        held = frozenset(course.id for course in sending if course.state in UNTOLD)
        return Met(held, self.accounting.after_node())

    def _is_over(self, kill: Kill) -> bool:
        """Settled, or on its way again; where a person is to be asked, asking is all that can be done."""
        courses = [self.event_log.courses.get(one) for one in kill.held]
        return all(course and course.told_at > kill.at and self._is_settled(course) for course in courses)

    def _is_settled(self, course: Course) -> bool:
        if course.state == "in_doubt":
            return self.in_doubt == "ask" or self.kept.for_a_person(course.id)
        return course.state in _ON_ITS_WAY_OR_OVER


def _shows(step: str, met: Met) -> bool:
    """Whether the rows found confirm the step of the kill; other steps leave no trace."""
    match step:
        case "handed":
            return bool(met.held)
        case "unkept" | "written" | "acknowledged":
            return met.unanswered > 0
        case _:
            return True
