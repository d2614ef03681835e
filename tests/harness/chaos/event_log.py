"""Log of the events that the program printed for each notification: history, open doubts, unfinished rows."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from app.ports.clock import Clock
from tests.harness.chaos.life import Said

UNFINISHED = frozenset({"pending", "sending"})
UNTOLD = UNFINISHED | {"in_doubt"}
BY_KILL = frozenset({"owner_died", "sidecar_gone"})


@dataclass(slots=True)
class Course:
    """History of one notification; `told_at` is the moment of its last event."""

    id: str
    message_id: str
    order_id: str | None
    type: str
    state: str = ""
    reason: str | None = None
    told_at: timedelta = timedelta(0)
    history: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        return " → ".join(self.history)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Notification that fell into doubt; whether it was on the wire is not known yet."""

    notification_id: str
    message_id: str
    reason: str


class EventLog:
    """Events by notification; histories count their seconds from `begun`."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._begun = clock, clock.steady()
        self.courses: dict[str, Course] = {}
        self.doubts: list[Doubt] = []
        """Doubts that the accounting has not examined yet."""
        self._waiting: list[tuple[Callable[[Course], bool], asyncio.Future[Course]]] = []
        self._in_state: defaultdict[str, dict[str, Course]] = defaultdict(dict)
        self._of_order: defaultdict[str | None, list[Course]] = defaultdict(list)

    def hear(self, said: Said) -> None:
        if said["event"] != "notification":
            return
        course = self._course(said)
        self._move(course, said["state"], said["reason"])
        course.told_at = self._clock.steady()
        self.note(course.id, f"{course.state}({course.reason})" if course.reason else course.state)
        if course.state == "in_doubt":
            self.doubts.append(Doubt(course.id, course.message_id, course.reason or ""))
        for wanted, heard in self._waiting:
            if not heard.done() and wanted(course):
                heard.set_result(course)

    def correct(self, kept: Mapping[str, str]) -> None:
        """States as they are on the disk: a kill may have come between a commit and the word of it."""
        for id_, state in kept.items():
            if self.courses[id_].state != state:
                self._move(self.courses[id_], state, None)
                self.note(id_, f"{state}, by the disk")

    def _move(self, course: Course, state: str, reason: str | None) -> None:
        self._in_state[course.state].pop(course.id, None)
        course.state, course.reason = state, reason
        self._in_state[state][course.id] = course

    def note(self, notification_id: str, words: str) -> None:
        """Record a remark from outside, a kill for example."""
        seconds = (self._clock.steady() - self._begun).total_seconds()
        if course := self.courses.get(notification_id):
            course.history.append(f"{seconds:.3f}s {words}")

    async def next(self, wanted: Callable[[Course], bool], patience: timedelta) -> Course | None:
        """Return the next matching event, or None after the timeout."""
        heard: asyncio.Future[Course] = asyncio.get_running_loop().create_future()
        entry = (wanted, heard)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(patience.total_seconds()):
                return await heard
        except TimeoutError:
            return None
        finally:
            self._waiting.remove(entry)

    def in_state(self, state: str) -> list[Course]:
        return list(self._in_state[state].values())

    @property
    def untold(self) -> list[str]:
        """Return the ids that may still change, by themselves or by a person."""
        return [id_ for state in UNTOLD for id_ in self._in_state[state]]

    @property
    def unfinished(self) -> int:
        return sum(len(self._in_state[state]) for state in UNFINISHED)

    def of_order(self, order_id: str) -> Sequence[Course]:
        return self._of_order[order_id]

    def _course(self, said: Said) -> Course:
        id_ = said["notification_id"]
        if id_ not in self.courses:
            course = Course(id_, said["message_id"], said["order_id"], said["type"])
            self.courses[id_] = course
            self._of_order[course.order_id].append(course)
        return self.courses[id_]
