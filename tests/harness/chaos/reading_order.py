"""Finds, in the order in which one phone shows its messages, those that came behind a later one."""

from collections.abc import Iterable, Mapping
from typing import Final

from tests.harness.chaos.kept_rows import KeptRow
from tests.harness.chaos.load_generator import STAGES

_STAGE: Final[Mapping[str, int]] = {kind: place for place, (_, kind) in enumerate(STAGES)}


def out_of_order(shown: Iterable[KeptRow]) -> list[str]:
    """Ids of the rows behind a later stage of their order, or behind a later row where neither was ever in doubt."""
    late: list[str] = []
    furthest: dict[str | None, int] = {}
    newest = 0
    for row in shown:
        stage = _STAGE.get(row.type)
        backwards = stage is not None and stage < furthest.get(row.order_id, 0)
        if stage is not None:
            furthest[row.order_id] = max(stage, furthest.get(row.order_id, 0))
        overtaken = not row.doubted and row.seq < newest
        if not row.doubted:
            newest = max(newest, row.seq)
        if backwards or overtaken:
            late.append(row.id)
    return late
