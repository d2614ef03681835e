"""A customer's wish to get no messages: the words that ask for it, and what is remembered of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.canonical_words import canonical_words, is_short
from app.domain.identifiers import MessageId, NotificationId

_LEAVING: Final = frozenset({"parar", "pare", "sair", "stop", "cancelar mensagens"})
_RETURNING: Final = frozenset({"voltar"})


class OptOutWord(StrEnum):
    """What a customer may say about messages."""

    LEAVE = "leave"
    RETURN = "return"


class OptOutSource(StrEnum):
    """Who decided."""

    CUSTOMER = "customer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class OptOut:
    """One decision and, where it was taken back, how; `reason` is what a person gave for it.

    `confirmation_id` names the one message that may still go out while this is in force.
    """

    opted_out_at: datetime
    source: OptOutSource
    confirmation_id: NotificationId | None = None
    reason: str | None = field(default=None, repr=False)
    message_id: MessageId | None = None
    undone_at: datetime | None = None
    undone_by: OptOutSource | None = None
    undo_reason: str | None = field(default=None, repr=False)


def word_in(text: str) -> OptOutWord | None:
    """The word that the whole text is; accents, case, style, punctuation, spaces and pictures make no difference."""
    said = canonical_words(text) if is_short(text) else ""
    if said in _LEAVING:
        return OptOutWord.LEAVE
    return OptOutWord.RETURN if said in _RETURNING else None
