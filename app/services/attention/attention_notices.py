"""Notices of conditions that need a person, gravest first, each with the one button that helps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from app.domain.close_policy import CloseCause
from app.domain.identifiers import SessionId
from app.domain.remedy import REMEDIES, Remedy
from app.domain.session import SUSPENDED, SUSPENDED_UNTIL, ConnectionState, ConnectionStatus
from app.services.attention.connection_loss import ConnectionLoss
from app.services.text.message_catalog import MessageCatalog

LOST_FOR: Final = timedelta(minutes=2)
"""Time without a connection after which it is reported; most losses end by themselves before."""
_KNOWN_CAUSE_FOR: Final = timedelta(seconds=30)

_RETURNS: Final = frozenset(
    {SUSPENDED, SUSPENDED_UNTIL, CloseCause.NO_INTERNET, CloseCause.NAME_RESOLUTION, CloseCause.SERVICE_DOWN}
)
"""Reasons that end without a person: messages then leave by themselves."""


class Gravity(IntEnum):
    """Rank of a notice; no message leaves while one of the two highest holds."""

    LIMITED = 1
    RETURNING = 2
    PAUSED = 3
    STOPPED = 4


class NoticeAction(StrEnum):
    """Action of a notice's button: pair, connect again, end the pause, or open the details."""

    PAIR = "pair"
    RECONNECT = "reconnect"
    RESUME = "resume"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class AttentionNotice:
    """Sentence with its button; `session_id` is the number concerned, None if it concerns all."""

    gravity: Gravity
    text: str
    action: NoticeAction
    button: str
    session_id: SessionId | None = None


@dataclass(frozen=True, slots=True)
class NumberCondition:
    """Condition of one number; `name` is empty where the shop has no other one."""

    status: ConnectionStatus
    loss: ConnectionLoss | None = None
    waiting: int = 0
    limited_until: datetime | None = None
    """End of a limit that WhatsApp put on it."""
    name: str = ""


class AttentionNotices:
    """Builder of the notices; `say_moment` is the front end's format of a moment."""

    def __init__(self, sentences: MessageCatalog, say_moment: Callable[[datetime], str]) -> None:
        self._sentences, self._say_moment = sentences, say_moment

    def of_shop(
        self, numbers: Sequence[NumberCondition], *, paused: bool, now: datetime
    ) -> list[AttentionNotice]:
        """Return the notices of all numbers and of the pause, gravest first."""
        found = [self._of_number(number, paused=paused, now=now) for number in numbers]
        if paused:
            text = self._join("paused", sum(number.waiting for number in numbers), returns=False)
            found.append(self._notice(Gravity.PAUSED, text, NoticeAction.RESUME, "resume"))
        notices = [notice for notice in found if notice]
        return sorted(notices, key=lambda notice: notice.gravity, reverse=True)

    def and_more(self, count: int) -> str:
        """Return the words for further notices behind the gravest one."""
        return self._say("more", count=count)

    def _of_number(self, number: NumberCondition, *, paused: bool, now: datetime) -> AttentionNotice | None:
        if number.status.pairing:
            # A person is at it; the pairing page says how it goes.
            return None
        if number.status.is_connected:
            return self._limited(number, paused=paused)
        if number.status.state in (ConnectionState.UNPAIRED, ConnectionState.BLOCKED):
            return self._stopped(number, now, paused=paused)
        return self._lost(number, now, paused=paused)

    def _limited(self, number: NumberCondition, *, paused: bool) -> AttentionNotice | None:
        if number.limited_until is None or not number.waiting or paused:
            return None
        until = self._say_moment(number.limited_until)
        text = self._named(number, self._join("limited", number.waiting, returns=True, until=until))
        return self._notice(Gravity.LIMITED, text, NoticeAction.SHOW, "show", number)

    def _stopped(self, number: NumberCondition, now: datetime, *, paused: bool) -> AttentionNotice:
        """Return the notice of a number that only a person, or the end of its ban, brings back."""
        status = number.status
        reason = status.reason or ("unpaired" if status.state is ConnectionState.UNPAIRED else "blocked")
        if reason == SUSPENDED_UNTIL and status.until is None:
            reason = SUSPENDED
        text = self._of_reason(number, reason, now, returns=reason in _RETURNS and not paused)
        remedy = REMEDIES.get(status.reason or "")
        if status.state is ConnectionState.UNPAIRED and not (remedy and remedy.pairs):
            return self._notice(Gravity.STOPPED, text, NoticeAction.PAIR, "connect", number)
        remedy = remedy or Remedy.TRY_AGAIN
        action = NoticeAction.PAIR if remedy.pairs else NoticeAction.RECONNECT
        words = self._sentences.say("remedies", remedy)
        return AttentionNotice(Gravity.STOPPED, text, action, words, status.session_id)

    def _lost(self, number: NumberCondition, now: datetime, *, paused: bool) -> AttentionNotice | None:
        loss = number.loss
        if loss is None or now - loss.since < (_KNOWN_CAUSE_FOR if loss.reason else LOST_FOR):
            return None
        reason = loss.reason or "lost"
        returns = reason in _RETURNS or reason not in REMEDIES
        text = self._of_reason(number, reason, now, returns=returns and not paused)
        gravity = Gravity.RETURNING if returns else Gravity.STOPPED
        return self._notice(gravity, text, NoticeAction.SHOW, "show", number)

    def _of_reason(self, number: NumberCondition, reason: str, now: datetime, *, returns: bool) -> str:
        name = reason if self._say(reason) != reason else "blocked"
        until = self._say_moment(number.status.until) if number.status.until else ""
        elapsed = self._elapsed(now - number.loss.since) if number.loss else ""
        return self._named(
            number, self._join(name, number.waiting, returns=returns, until=until, elapsed=elapsed)
        )

    def _join(self, name: str, waiting: int, *, returns: bool, **facts: str) -> str:
        """Return the condition, and what becomes of the messages: they return by themselves or stay."""
        amount = {0: "", 1: "_one"}.get(waiting, "_some")
        kept = self._say(f"{'returns' if returns else 'stays'}{amount}", count=waiting)
        return f"{self._say(name, **facts)} · {kept}"

    def _named(self, number: NumberCondition, text: str) -> str:
        return self._say("of_number", number=number.name, text=text) if number.name else text

    def _elapsed(self, length: timedelta) -> str:
        minutes = int(length.total_seconds()) // 60
        if minutes < 1:
            return self._say("seconds")
        if minutes < 60:
            return self._say("minutes", minutes=minutes)
        return self._say("hours", hours=minutes // 60, minutes=minutes % 60)

    def _notice(
        self,
        gravity: Gravity,
        text: str,
        action: NoticeAction,
        button: str,
        number: NumberCondition | None = None,
    ) -> AttentionNotice:
        session_id = number.status.session_id if number else None
        return AttentionNotice(gravity, text, action, self._say(button), session_id)

    def _say(self, name: str, **facts: str | int) -> str:
        return self._sentences.say("strip", name, **facts)
