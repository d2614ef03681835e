"""Blocking of a pending message by an older one of the same customer (Q2)."""

from collections.abc import Iterable
from enum import StrEnum

from app.domain.notification import Notification, State


class BlockReason(StrEnum):
    """Reason why a due message is not started although no limit holds it."""

    OWN_DOUBT = "own_doubt"
    EARLIER_MESSAGE = "earlier_message"


def block_of(row: Notification, others: Iterable[Notification]) -> BlockReason | None:
    """Return why a pending row is blocked by `others`, messages of any customers; None if it is first."""
    if row.state is not State.PENDING:
        return None
    theirs = [each for each in others if _customer(each) == _customer(row) and each.id != row.id]
    if any(_is_own_doubt(each, row) for each in theirs):
        return BlockReason.OWN_DOUBT
    earlier = any(_goes_first(each, row) for each in theirs)
    return BlockReason.EARLIER_MESSAGE if earlier else None


def _customer(row: Notification) -> object:
    """Return the identity, or the address of a row that is not stored."""
    return row.customer or row.phone


def _is_own_doubt(doubt: Notification, row: Notification) -> bool:
    """Return whether an open doubt of the same order blocks the row.

    Otherwise the doubt, which still settles itself, could be repeated after the later message.
    """
    open_doubt = doubt.state is State.IN_DOUBT and doubt.given_up_at is None and doubt.seq < row.seq
    return open_doubt and row.order_id is not None and doubt.order_id == row.order_id


def _goes_first(other: Notification, row: Notification) -> bool:
    older = other.state is State.PENDING and other.seq < row.seq
    return older or other.state is State.SENDING
