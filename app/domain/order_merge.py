"""Merge rule of an order: a source's version over the stored one."""

from collections.abc import Sequence
from dataclasses import replace

from app.domain.order import Order, stage_of


def merge_order(kept: Order | None, said: Order, claimed_by: Sequence[str] = ()) -> Order:
    """Return the order to save when `said` arrives.

    The source's version replaces all fields, with three exceptions:
    - a chosen phone stays, and the source's own is kept beside it, also if the source changes it later;
    - an erased content stays empty, while status and moments change;
    - a stage's moment stays if the source repeats the stage without it.

    `claimed_by` are the numbers of customers who wrote about the order, for a source that knows no number.
    """
    merged = _with_phone(kept, said, claimed_by)
    if kept is None:
        return merged
    if merged.stage_at is None and _is_same_stage(kept, merged):
        merged = replace(merged, stage_at=kept.stage_at)
    return without_content(merged) if kept.is_erased else merged


def choose_phone(order: Order, number: str) -> Order:
    """Return the order with a number that a person, or its customer, decided on."""
    return replace(order, customer_phone=number, source_phone=source_phone_of(order))


def source_phone_of(order: Order) -> str:
    """Return the phone as the source gave it, even if another one is in force."""
    return order.customer_phone if order.source_phone is None else order.source_phone


def without_content(order: Order) -> Order:
    """Return the order without personal data, as retention leaves it (X6)."""
    return replace(
        order, customer_name="", customer_phone="", source_phone=None, notes="", items=(), is_erased=True
    )


def _with_phone(kept: Order | None, said: Order, claimed_by: Sequence[str]) -> Order:
    """Return the order with the phone in force; a version with a `source_phone` is a person's at this counter."""
    if said.source_phone is not None:
        return said
    if kept and kept.source_phone is not None:
        return choose_phone(said, kept.customer_phone)
    if said.has_phone or not claimed_by:
        return said
    # Of several, the one in force: a person at the counter chose among them.
    own = kept.customer_phone if kept else ""
    return choose_phone(said, own if own in claimed_by else claimed_by[-1])


def _is_same_stage(kept: Order, said: Order) -> bool:
    stage = stage_of(said)
    return said.status == kept.status or (stage is not None and stage is stage_of(kept))
