"""The check of every statement's plan sees what grows, and knows of every table whether it does (Z4)."""

import pytest

from app.adapters.sqlite.plain_tables import plain
from app.adapters.sqlite.tables import Tables
from tests.harness.query_plans import CONSTANT, GROWING, OF_FEW, grows

pytestmark = pytest.mark.requirement("Z4")

TABLES = (*Tables().metadata.sorted_tables, *plain.sorted_tables)


def test_query_plans_know_of_every_table_whether_it_grows() -> None:
    assert {table.name for table in TABLES} <= GROWING | CONSTANT
    assert {table.name for table in TABLES} >= GROWING
    assert not GROWING & CONSTANT


def test_query_plans_walk_partial_indexes_alone_from_end_to_end() -> None:
    walked = {str(index.name): index for table in TABLES for index in table.indexes if index.name in OF_FEW}
    assert walked.keys() == OF_FEW
    assert all(index.dialect_options["sqlite"]["where"] is not None for index in walked.values())


@pytest.mark.parametrize(
    ("step", "sql", "expected"),
    [
        ("SCAN orders", "SELECT id FROM orders", True),
        ("SCAN orders USING INDEX ix_orders_created_at", "SELECT id FROM orders ORDER BY created_at", True),
        ("SCAN orders USING INDEX ix_orders_created_at", "SELECT id FROM orders ORDER BY 1 LIMIT ?", False),
        ("SCAN orders", "SELECT id FROM orders WHERE deleted LIMIT ?", True),
        ("SEARCH orders USING INDEX ix_orders_created_at (created_at>?)", "SELECT 1 FROM orders", False),
        ("SEARCH orders USING INDEX ix_orders_created_at (created_at<?)", "SELECT 1 FROM orders", True),
        ("SEARCH orders USING INDEX ix_orders_created_at (created_at<?)", "SELECT 1 FROM x LIMIT ?", False),
        ("SEARCH orders USING INDEX sqlite_autoindex_orders_1 (id=?)", "SELECT 1 FROM orders", False),
        ("SCAN whatsapp_notifications USING INDEX ix_due", "SELECT 1", False),
        ("SCAN settings", "SELECT 1", False),
        ("SCAN unknown", "SELECT 1", True),
        ("USE TEMP B-TREE FOR ORDER BY", "SELECT 1", False),
    ],
)
def test_query_plan_grows_when_it_walks_what_a_longer_history_makes_longer(
    step: str, sql: str, *, expected: bool
) -> None:
    assert grows(step, sql) is expected
