"""Statements that are compiled once, on a real connection."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, create_engine, literal, select
from sqlalchemy.sql.compiler import SQLCompiler

from app.adapters.sqlite.prepared_statement import PreparedStatement


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def test_prepared_compiles_at_its_first_run_and_never_again(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []
    process: Any = SQLCompiler.visit_select

    def counted(self: SQLCompiler, *given: object, **named: object) -> str:
        text: str = process(self, *given, **named)
        compiled.append(text)
        return text

    monkeypatch.setattr(SQLCompiler, "visit_select", counted)
    statement = PreparedStatement(connection, select(literal(40) + bindparam("more", type_=literal(1).type)))
    assert compiled == []
    assert statement.first({"more": 2}) == (42,)
    assert statement.first({"more": 3}) == (43,)
    assert len(compiled) == 1
