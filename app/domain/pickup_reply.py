"""Pickup reply: a customer answers the *pronto* message with "1" (on the way) or "9" (not now) (K9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.canonical_words import canonical_words, is_short
from app.domain.customer_reply import TEXT, CustomerReply
from app.domain.lid import Address
from app.domain.notification import TOLD, UNFINISHED, Notification
from app.domain.order import STAGES, NotificationType
from app.domain.outgoing_text import LONGEST, outgoing_text


class PickupChoice(StrEnum):
    """Choice on the pickup menu of a ready message."""

    ON_THE_WAY = "on_the_way"
    NOT_NOW = "not_now"


_CHOICES: Final = {"1": PickupChoice.ON_THE_WAY, "9": PickupChoice.NOT_NOW}


@dataclass(frozen=True, slots=True)
class PickupReply:
    """Choice of the customer, and the moment of its present words."""

    choice: PickupChoice
    at: datetime


@dataclass(frozen=True, slots=True)
class PickupQuestion:
    """Customer that a *pronto* message was handed over to, and the moment from which an answer counts."""

    customer: Address
    since: datetime


def choice_in(text: str) -> PickupChoice | None:
    """Return the choice that is the whole text, in the canonical form of opt-out words."""
    return _CHOICES.get(canonical_words(text)) if is_short(text) else None


def with_offer(text: str, offer: str) -> str:
    """Return the text with the offer as its last line, unchanged if the whole would be too long to send."""
    offered = f"{text}\n\n{offer}"
    return text if len(offered) > LONGEST else outgoing_text(offered)


def pickup_question(notifications: Iterable[Notification]) -> PickupQuestion | None:
    """Return the last *pronto* message that left, if no other stage left after it; expects oldest first.

    A message in doubt counts: the customer may hold it. A later copy counts once it was handed over.
    """
    left = [row for row in notifications if row.type in STAGES and _has_left(row)]
    if not left or left[-1].type is not NotificationType.READY:
        return None
    since = _left_at(left[-1])
    return PickupQuestion(left[-1].phone, since) if since else None


def pickup_reply(question: PickupQuestion, replies: Iterable[CustomerReply]) -> PickupReply | None:
    """Return the latest choice since the message left; expects the told customer's replies, newest first.

    An edited reply counts by its present words, from the moment of the edit.
    """
    chosen = [
        PickupReply(choice, at)
        for reply in replies
        if reply.kind == TEXT
        and (at := reply.changed_at or reply.received_at) >= question.since
        and (choice := choice_in(reply.text or ""))
    ]
    return max(chosen, key=lambda each: each.at, default=None)


def _has_left(row: Notification) -> bool:
    return row.state in TOLD or (row.state in UNFINISHED and row.sending_at is not None)


def _left_at(row: Notification) -> datetime | None:
    """Return the earliest evidence that the message left, in whole seconds, as WhatsApp dates replies.

    `sending_at` is of the PC's clock and of the last repeat; WhatsApp's own moments correct a clock that is ahead.
    """
    moments = (row.sending_at, row.doubted_at, row.sent_at, row.delivered_at, row.read_at)
    known = [moment for moment in moments if moment is not None]
    return min(known).replace(microsecond=0) if known else None
