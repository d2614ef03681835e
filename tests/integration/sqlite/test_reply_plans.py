"""No lookup of a customer's message walks through all that was ever written."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from app.domain.customer_reply import Author
from app.domain.identifiers import MessageId
from app.domain.lid import Lid
from app.domain.phone import NO_PHONE
from app.ports.store import Rows
from tests.contracts.asked_store import ANA
from tests.harness.opened_store import open_training_store

LOOKUPS: dict[str, Callable[[Rows, Author], object]] = {
    "message": lambda rows, author: rows.replies.find(author, MessageId("A")),
    "reaction": lambda rows, author: rows.replies.reaction(author, MessageId("A")),
}


@pytest.mark.requirement("Z4")
@pytest.mark.parametrize("lookup", LOOKUPS)
@pytest.mark.parametrize(
    "author", [Author(ANA), Author(ANA, Lid("7@lid")), Author(NO_PHONE, Lid("7@lid")), Author(NO_PHONE)]
)
def test_reply_is_looked_up_by_an_index_whoever_wrote(lookup: str, author: Author, tmp_path: Path) -> None:
    def plan(rows: Rows) -> list[str]:
        connection: Connection = rows.replies._connection  # type: ignore[attr-defined]
        seen: list[tuple[str, tuple[object, ...]]] = []

        def note(_c: object, _cu: object, statement: str, values: tuple[object, ...], *_: object) -> None:
            seen.append((statement, values))

        event.listen(connection, "before_cursor_execute", note)
        LOOKUPS[lookup](rows, author)
        event.remove(connection, "before_cursor_execute", note)
        steps = [
            step[-1]
            for statement, values in seen
            if "whatsapp_inbound" in statement
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
        assert steps
        return steps

    async def day() -> list[str]:
        store = open_training_store(tmp_path)
        try:
            return await store.transact(plan)
        finally:
            await store.close()

    steps = asyncio.run(day())
    assert not any(step.startswith("SCAN") for step in steps), steps
