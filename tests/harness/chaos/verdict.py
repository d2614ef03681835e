"""Verdict on every accepted click, from the phones and the database."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.harness.chaos.kept_rows import KeptRow
from tests.harness.chaos.load_generator import Click
from tests.harness.chaos.reading_order import out_of_order
from tests.harness.chaos.simulated_side import Bubble, KeyReuse

SHOWN_TWICE: Final = "was shown twice"
NOT_ON_DISK: Final = "was accepted and is not on the disk"
STUCK: Final = "waits for no person and was not over a minute after the last fault"
OUT_OF_ORDER: Final = "was shown behind a later one"
KEY_REUSED: Final = "was encrypted with a message key that had been used"


@dataclass(frozen=True, slots=True)
class Evidence:
    """`bubbles` stand in the order of their phones; `stuck` holds the ids of rows that should have been over."""

    rows: Sequence[KeptRow]
    bubbles: Sequence[Bubble]
    stuck: frozenset[str] = frozenset()
    key_reuses: Sequence[KeyReuse] = ()


@dataclass
class Verdict:
    """Counts of the ends of accepted clicks; broken promises count for unanswered clicks too."""

    accepted: int = 0
    shown_once: int = 0
    shown_twice: int = 0
    lost: int = 0
    suppressed: int = 0
    failed: int = 0
    waiting_for_person: int = 0
    """Doubts alone."""
    stuck: int = 0
    out_of_order: int = 0
    keys_reused: int = 0
    """Per device: a message goes to the shop's own phone too."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Why those that were not shown were not."""
    broken: list[tuple[str, str]] = field(default_factory=list)
    """The id of the notification, or of the order that has none, and which promise."""

    def __iadd__(self, other: "Verdict") -> "Verdict":
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


def judge(clicks: Iterable[Click], evidence: Evidence) -> Verdict:
    return _Court(evidence).judge(clicks)


class _Court:
    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._by_id = {row.id: row for row in evidence.rows}
        self._by_message = {row.message_id: row for row in evidence.rows}
        self._by_stage = {(row.order_id, row.type): row for row in evidence.rows if row.order_id}
        self._bubbles = {(bubble.number, bubble.id): bubble for bubble in evidence.bubbles}
        self._by_words: Counter[tuple[str, str]] = Counter()
        for bubble in evidence.bubbles:
            self._by_words[bubble.number, bubble.text] += bubble.shown
        self._verdict = Verdict()

    def judge(self, clicks: Iterable[Click]) -> Verdict:
        verdict, evidence = self._verdict, self._evidence
        for click in clicks:
            verdict.accepted += 1
            self._put(click)
        twice = [bubble for bubble in evidence.bubbles if self._times(bubble) > 1]
        verdict.shown_twice = self._break(SHOWN_TWICE, [self._id_of(bubble.id) for bubble in twice])
        verdict.stuck = self._break(STUCK, sorted(evidence.stuck))
        verdict.out_of_order = self._break(OUT_OF_ORDER, self._late())
        reused = [self._id_of(reuse.again) for reuse in evidence.key_reuses]
        verdict.keys_reused = self._break(KEY_REUSED, reused)
        return verdict

    def _break(self, promise: str, ids: Sequence[str]) -> int:
        self._verdict.broken += [(id_, promise) for id_ in ids]
        return len(ids)

    def _late(self) -> list[str]:
        """Return the rows that a phone showed late, by address: a LID and a number may be two customers for a while."""
        phones: defaultdict[tuple[str, bytes], list[KeptRow]] = defaultdict(list)
        for bubble in self._evidence.bubbles:
            if bubble.shown and (row := self._by_message.get(bubble.id)):
                phones[bubble.number, row.address].append(row)
        return [id_ for shown in phones.values() for id_ in out_of_order(shown)]

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
        if row.id in self._evidence.stuck:
            return
        match row.state:
            case "suppressed" if row.reason:
                verdict.suppressed += 1
            case "failed":
                verdict.failed += 1
            case "in_doubt":
                verdict.waiting_for_person += 1
            case _:
                self._lose(row.id, f"is {row.state} in the database and not on its customer's phone")

    def _lose(self, id_: str, how: str) -> None:
        self._verdict.lost += self._break(how, [id_])

    def _row_of(self, click: Click) -> KeptRow | None:
        if click.notification_id:
            return self._by_id.get(click.notification_id)
        return self._by_stage.get((click.order_id or "", click.type))

    def _times(self, bubble: Bubble) -> int:
        """The same words under another id on the same phone are the same message once more."""
        return self._by_words[bubble.number, bubble.text]

    def _id_of(self, message_id: str) -> str:
        row = self._by_message.get(message_id)
        return row.id if row else message_id
