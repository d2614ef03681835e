"""Opt-out of a customer: the words that ask for it, and the record of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.canonical_words import canonical_words, is_short
from app.domain.identifiers import MessageId, NotificationId
from app.domain.identity import KnownAliases

_LEAVING: Final = frozenset({"parar", "pare", "sair", "stop", "cancelar mensagens"})
_RETURNING: Final = frozenset({"voltar"})


class OptOutWord(StrEnum):
    """Wish of a customer about messages."""

    LEAVE = "leave"
    RETURN = "return"


class OptOutSource(StrEnum):
    """Origin of the decision."""

    CUSTOMER = "customer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class OptOut:
    """One decision and, if it was undone, how; `reason` is the one that a person gave.

    `confirmation_id` is the one message that may still go out while this is in force.
    """

    opted_out_at: datetime
    source: OptOutSource
    confirmation_id: NotificationId | None = None
    reason: str | None = field(default=None, repr=False)
    message_id: MessageId | None = None
    undone_at: datetime | None = None
    undone_by: OptOutSource | None = None
    undo_reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class StandingOptOut:
    """Opt-out in force with the aliases of its customer, none of which retention may have left."""

    opt_out: OptOut
    customer: KnownAliases


def word_in(text: str) -> OptOutWord | None:
    """Return the word that is the whole text; accents, case, style, punctuation, spaces and pictures are ignored."""
    said = canonical_words(text) if is_short(text) else ""
    if said in _LEAVING:
        return OptOutWord.LEAVE
    return OptOutWord.RETURN if said in _RETURNING else None
