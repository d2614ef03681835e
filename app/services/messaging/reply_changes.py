"""Edits, deletions and reactions of a customer, applied to their earlier message (K9)."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.customer_reply import (
    DELETED,
    EDITED_ELSEWHERE,
    REACTION,
    TEXT,
    WITHDRAWN,
    Author,
    CustomerReply,
)
from app.domain.identifiers import MessageId
from app.ports.inbound import DELETION, EDIT, Inbound
from app.ports.store import Rows


@dataclass(frozen=True, slots=True)
class ReplyChangeResult:
    """Stored reply, None if unchanged; `fresh` if it was not known before."""

    reply: CustomerReply | None = None
    fresh: bool = False


def apply_change(rows: Rows, inbound: Inbound, author: Author, said: CustomerReply) -> ReplyChangeResult:
    """Change the author's message, or keep the outcome if that message has not come yet.

    `said` is the inbound itself as a reply, with its writer's order. A message by another author stays unchanged.
    """
    if inbound.about is None:
        return ReplyChangeResult()
    if inbound.kind == EDIT:
        known = rows.replies.find(author, inbound.about)
        changed = known.after_edit(said.text, said.received_at) if known else _edited(said, inbound.about)
    elif inbound.kind == DELETION:
        known = rows.replies.find(author, inbound.about)
        changed = known.after_deletion(said.received_at) if known else _deleted(said, inbound.about)
    else:
        # Idempotent: the same reaction again changes no row, even if the reaction was changed since.
        if rows.replies.find(author, said.message_id):
            return ReplyChangeResult()
        known = rows.replies.reaction(author, inbound.about)
        sign = said.text or None
        changed = known.after_reaction(sign, said.received_at) if known else _reacted(said, sign)
    return _saved(rows, author, known, changed)


def _saved(
    rows: Rows, author: Author, known: CustomerReply | None, changed: CustomerReply | None
) -> ReplyChangeResult:
    if changed is None:
        return ReplyChangeResult()
    if known is None:
        # Messages are dated by the second; a row stored for one must not sort behind the next message.
        fresh = replace(changed, received_at=changed.received_at.replace(microsecond=0))
        return ReplyChangeResult(fresh, fresh=rows.replies.keep(fresh, author.lid))
    rows.replies.rewrite(author, changed)
    return ReplyChangeResult(changed)


def _edited(said: CustomerReply, about: MessageId) -> CustomerReply:
    kind = EDITED_ELSEWHERE if said.text is None else TEXT
    return replace(said, message_id=about, about=None, kind=kind, changed_at=said.received_at)


def _deleted(said: CustomerReply, about: MessageId) -> CustomerReply:
    """Return the deletion of a message never stored here: no text is left to be read, so it counts as read."""
    return _unseen(replace(said, message_id=about, about=None, kind=DELETED))


def _reacted(said: CustomerReply, sign: str | None) -> CustomerReply:
    return replace(said, kind=REACTION) if sign else _unseen(replace(said, kind=WITHDRAWN))


def _unseen(reply: CustomerReply) -> CustomerReply:
    at: datetime = reply.received_at
    return replace(reply, text=None, changed_at=at, read_at=at)
