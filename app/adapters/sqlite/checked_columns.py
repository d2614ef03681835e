"""Column types that read a damaged cell as UNREADABLE instead of raising."""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar, Final, TypeVar
from uuid import UUID

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

T = TypeVar("T")
Read = Callable[[Any], Any]

_MOST_COUNTED: Final = 2**53
_REMEMBERED_IDS: Final = 8192


class _Unreadable:
    """Sentinel in the place of a value."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = _Unreadable()
"""Value of a cell that does not match its column type."""


class CheckedColumn(UserDefinedType[T]):
    """Column type with its SQL name and a reader that never raises; NULL stays None."""

    cache_ok = True
    spec: ClassVar[str]

    def get_col_spec(self, **_: object) -> str:
        return self.spec

    def reader(self) -> Read:
        """Return the function from the driver's value to ours, or to UNREADABLE."""
        raise NotImplementedError

    def result_processor(self, _dialect: Dialect, _type: object) -> Read:
        return self.reader()


class Word(CheckedColumn[str]):
    """Text; the driver hands over invalid UTF-8 as bytes, which are UNREADABLE."""

    cache_ok = True
    spec = "VARCHAR"

    def reader(self) -> Read:
        return lambda cell: cell if cell is None or isinstance(cell, str) else UNREADABLE


class Count(CheckedColumn[int]):
    """Count from 0 to 2**53; SQLite's integers have room for one more."""

    cache_ok = True
    spec = "INTEGER"

    def reader(self) -> Read:
        return lambda cell: (
            cell if cell is None or (isinstance(cell, int) and 0 <= cell <= _MOST_COUNTED) else UNREADABLE
        )


class LongCount(Count):
    """Whole number of 64 bits that a source of orders gives."""

    cache_ok = True
    spec = "BIGINT"

    def reader(self) -> Read:
        return lambda cell: cell if cell is None or isinstance(cell, int) else UNREADABLE


class Flag(CheckedColumn[bool]):
    """Boolean stored as 1 or 0."""

    cache_ok = True
    spec = "BOOLEAN"

    def reader(self) -> Read:
        known: dict[object, bool | None] = {None: None, 0: False, 1: True}
        return lambda cell: known.get(cell, UNREADABLE)


class Blob(CheckedColumn[bytes]):
    """Raw bytes."""

    cache_ok = True
    spec = "BLOB"

    def reader(self) -> Read:
        return lambda cell: cell if cell is None or isinstance(cell, bytes) else UNREADABLE


class Sealed(Blob):
    """Sealed cell, bound to its row; only `CellSealer` opens it."""

    cache_ok = True


class Choice(CheckedColumn[StrEnum]):
    """One member of an enumeration."""

    cache_ok = True
    spec = "VARCHAR"

    def __init__(self, choices: type[StrEnum]) -> None:
        self.choices = choices

    def reader(self) -> Read:
        known: dict[object, StrEnum | None] = {None: None}
        known |= {choice.value: choice for choice in self.choices}
        return lambda cell: known.get(cell, UNREADABLE)


class RowId(CheckedColumn[UUID]):
    """UUID as 32 hexadecimal digits in lower case.

    An id in another spelling is unreadable: a lookup by the same id would not find its row.
    """

    cache_ok = True
    spec = "CHAR(32)"

    def bind_processor(self, _dialect: Dialect) -> Read:
        return lambda value: None if value is None else value.hex

    def reader(self) -> Read:
        return lambda cell: None if cell is None else _id_of(cell)


@lru_cache(_REMEMBERED_IDS)
def _id_of(cell: object) -> object:
    """Return the id, remembered: the rows of a message in flight are read several times."""
    try:
        value = UUID(cell)  # type: ignore[arg-type]
    except (ValueError, TypeError, AttributeError):
        return UNREADABLE
    return value if value.hex == cell else UNREADABLE
