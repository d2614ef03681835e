"""Judges at the phones, and in the database, what became of every accepted click."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.simulators.chaos.clicker import Click
from tests.simulators.chaos.kept_rows import KeptRow
from tests.simulators.chaos.simulated_side import Bubble

SHOWN_TWICE: Final = "was shown twice"
NOT_ON_DISK: Final = "was accepted and is not on the disk"
_FOR_A_PERSON: Final = frozenset({"in_doubt", "failed"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """`behind_a_doubt` are the rows that wait for a doubt of the same customer."""

    rows: Sequence[KeptRow]
    behind_a_doubt: frozenset[str]
    bubbles: Sequence[Bubble]


@dataclass
class Verdict:
    """Every accepted click came to one of the ends; `shown_twice` counts those that nobody answered too."""

    accepted: int = 0
    shown_once: int = 0
    shown_twice: int = 0
    lost: int = 0
    suppressed: int = 0
    waiting_for_person: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why those that were not shown were not."""
    broken: dict[str, str] = field(default_factory=dict)
    """By the id of the notification, or of the order that has none: which promise."""


def judge(clicks: Iterable[Click], evidence: Evidence) -> Verdict:
    return _Court(evidence).judge(clicks)


class _Court:
    def __init__(self, evidence: Evidence) -> None:
        self._behind_a_doubt = evidence.behind_a_doubt
        self._by_id = {row.id: row for row in evidence.rows}
        self._by_stage = {(row.order_id, row.type): row for row in evidence.rows if row.order_id}
        self._bubbles = {(bubble.number, bubble.id): bubble for bubble in evidence.bubbles}
        self._by_words: Counter[tuple[str, str]] = Counter()
        for bubble in evidence.bubbles:
            self._by_words[bubble.number, bubble.text] += bubble.shown
        self._verdict = Verdict()

    def judge(self, clicks: Iterable[Click]) -> Verdict:
        for click in clicks:
            self._verdict.accepted += 1
            self._put(click)
        for (_, message_id), bubble in self._bubbles.items():
            if self._times(bubble) > 1:
                self._verdict.shown_twice += 1
                self._verdict.broken[self._id_of(message_id)] = SHOWN_TWICE
        return self._verdict

    def _put(self, click: Click) -> None:
        row = self._row_of(click)
        if row is None:
            self._lose(click.notification_id or str(click.order_id), NOT_ON_DISK)
            return
        bubble = self._bubbles.get((click.number, row.message_id))
        if bubble and bubble.shown and click.says in bubble.text:
            self._verdict.shown_once += self._times(bubble) == 1
        else:
            self._put_unshown(row)

    def _put_unshown(self, row: KeptRow) -> None:
        verdict = self._verdict
        verdict.reasons[f"{row.state}({row.reason})" if row.reason else row.state] += 1
        if row.state == "suppressed" and row.reason:
            verdict.suppressed += 1
        elif row.state in _FOR_A_PERSON or row.id in self._behind_a_doubt:
            verdict.waiting_for_person += 1
        else:
            self._lose(row.id, f"is {row.state} in the database and not on its customer's phone")

    def _lose(self, id_: str, how: str) -> None:
        self._verdict.lost += 1
        self._verdict.broken[id_] = how

    def _row_of(self, click: Click) -> KeptRow | None:
        if click.notification_id:
            return self._by_id.get(click.notification_id)
        return self._by_stage.get((click.order_id or "", click.type))

    def _times(self, bubble: Bubble) -> int:
        """The same words under another id on the same phone are the same message once more."""
        return self._by_words[bubble.number, bubble.text]

    def _id_of(self, message_id: str) -> str:
        return next((row.id for row in self._by_id.values() if row.message_id == message_id), message_id)
