"""Prepared statement: compiled once, for statements that every message needs several times."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.domain.errors import ContractViolationError

Convert = Callable[[Any], Any]


class PreparedStatement:
    """SQL, parameters and columns as SQLAlchemy compiled them once; an execution skips its repeated work.

    Not for lists of values: their number is part of the SQL.
    """

    def __init__(self, connection: Connection, statement: ClauseElement) -> None:
        self._connection, self._statement = connection, statement
        self._sql = ""
        """Empty until the first execution: compiling all statements took a third of the opening."""

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row, each column converted by its type, or None."""
        row = self._execute(values).fetchone()
        if row is None:
            return None
        return tuple([convert(value) for value, convert in zip(row, self._columns, strict=True)])

    def changed(self, values: Mapping[str, Any]) -> int:
        """Execute the statement and return the number of changed rows."""
        count: int = self._execute(values).rowcount
        return count

    def _compile(self) -> None:
        connection, statement = self._connection, self._statement
        compiled = statement.compile(dialect=connection.dialect)
        if not isinstance(compiled, SQLCompiler):
            raise ContractViolationError("only what is compiled to SQL can be prepared")
        self._sql = str(compiled)
        self._parameters = [
            (name, _into(compiled.binds[name].type, connection)) for name in compiled.positiontup or ()
        ]
        self._constants = {name: bound.value for name, bound in compiled.binds.items() if not bound.required}
        columns = getattr(statement, "exported_columns", ())
        self._columns = [_out_of(column.type, connection) or _as_it_is for column in columns]

    def _execute(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the driver's cursor
        if not self._sql:
            self._compile()
        given = {**self._constants, **values}
        bound = [
            given[name] if convert is None else convert(given[name]) for name, convert in self._parameters
        ]
        driver: Any = self._connection.connection.driver_connection
        return driver.execute(self._sql, bound)


def _as_it_is(value: object) -> object:
    return value


def _into(kind: TypeEngine[Any], connection: Connection) -> Convert | None:
    return kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)


def _out_of(kind: TypeEngine[Any], connection: Connection) -> Convert | None:
    return kind.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
