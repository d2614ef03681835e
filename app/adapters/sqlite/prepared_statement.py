"""Prepared statement: compiled once, for statements that every message needs several times."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, bindparam
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from app.adapters.sqlite.checked_columns import Blob, Word
from app.domain.errors import ContractViolationError

Convert = Callable[[Any], Any]

# A cell of this Python type, in such a column, is its own value: no converter is called.
_UNCONVERTED: "Final[dict[type[TypeEngine[Any]], type]]" = {Word: str, Blob: bytes}
_BATCH_SIZE: Final = 32


class _NoCell:
    """Type of no cell: each cell of the column is converted."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """SQL with the converters of its parameters and columns."""

    sql: str
    parameters: Sequence[tuple[str, Convert | None]]
    constants: Mapping[str, Any]
    columns: Sequence[tuple[type, Convert]]


class PreparedStatement:
    """SQL, parameters and columns as SQLAlchemy compiled them once; an execution skips its repeated work.

    Not for lists of values: their number is part of the SQL. NULL is None in every type, both ways.
    """

    def __init__(self, connection: Connection, statement: ClauseElement) -> None:
        self._connection, self._statement = connection, statement

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row, each column converted by its type, or None."""
        row = self._driver.execute(self._compiled.sql, self._bound(values)).fetchone()
        return None if row is None else self._read(row)

    def all(self, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return all rows, each column converted by its type."""
        rows = self._driver.execute(self._compiled.sql, self._bound(values)).fetchall()
        return [self._read(row) for row in rows]

    def changed(self, values: Mapping[str, Any]) -> int:
        """Execute the statement and return the number of changed rows."""
        count: int = self._driver.execute(self._compiled.sql, self._bound(values)).rowcount
        return count

    def changed_by_all(self, values: Iterable[Mapping[str, Any]]) -> int:
        """Execute the statement once per mapping and return the number of changed rows."""
        bound = [self._bound(each) for each in values]
        count: int = self._driver.executemany(self._compiled.sql, bound).rowcount
        return count

    @cached_property
    def _driver(self) -> Any:  # noqa: ANN401 - the driver's connection
        """Connection of the driver, the same one until it is closed."""
        return self._connection.connection.driver_connection

    @cached_property
    def _compiled(self) -> _Compiled:
        """Compiled form, made at the first execution: compiling all statements took a third of the opening."""
        connection, statement = self._connection, self._statement
        compiled = statement.compile(dialect=connection.dialect)
        if not isinstance(compiled, SQLCompiler):
            raise ContractViolationError("only what is compiled to SQL can be prepared")
        binds = compiled.binds
        return _Compiled(
            str(compiled),
            [(name, _into(binds[name].type, connection)) for name in compiled.positiontup or ()],
            {name: bound.value for name, bound in binds.items() if not bound.required},
            [
                (_UNCONVERTED.get(type(column.type), _NoCell), _out_of(column.type, connection) or _as_it_is)
                for column in getattr(statement, "exported_columns", ())
            ],
        )

    def _bound(self, values: Mapping[str, Any]) -> list[Any]:
        compiled = self._compiled
        given = {**compiled.constants, **values} if compiled.constants else values
        return [
            value if (value := given[name]) is None or convert is None else convert(value)
            for name, convert in compiled.parameters
        ]

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            [
                cell if cell is None or type(cell) is unconverted else convert(cell)
                for cell, (unconverted, convert) in zip(row, self._compiled.columns, strict=True)
            ]
        )


class PreparedBatchStatement:
    """Prepared query of rows by a batch of keys.

    One statement for each power of two; unused places are NULL, which equals no key.
    """

    def __init__(self, connection: Connection, statement: Select[Any], key: ColumnElement[Any]) -> None:
        self._connection, self._statement, self._key = connection, statement, key
        self._by_size: dict[int, tuple[list[str], PreparedStatement]] = {}

    def all(self, keys: Sequence[object]) -> list[tuple[Any, ...]]:
        """Return the rows; the statement's order holds within each batch of 32 keys only."""
        found: list[tuple[Any, ...]] = []
        for start in range(0, len(keys), _BATCH_SIZE):
            batch = keys[start : start + _BATCH_SIZE]
            names, statement = self._prepared(1 << (len(batch) - 1).bit_length())
            found += statement.all(dict(zip_longest(names, batch)))
        return found

    def _prepared(self, size: int) -> tuple[list[str], PreparedStatement]:
        if size not in self._by_size:
            names = [f"key_{number}" for number in range(size)]
            keys = [bindparam(name, type_=self._key.type) for name in names]
            statement = self._statement.where(self._key.in_(keys))
            self._by_size[size] = names, PreparedStatement(self._connection, statement)
        return self._by_size[size]


def _as_it_is(value: object) -> object:
    return value


def _into(kind: TypeEngine[Any], connection: Connection) -> Convert | None:
    return kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)


def _out_of(kind: TypeEngine[Any], connection: Connection) -> Convert | None:
    return kind.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
