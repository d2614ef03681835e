"""Column types for moments and amounts, stored without rounding."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import Dialect

from app.adapters.sqlite.checked_columns import UNREADABLE, CheckedColumn, Read

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# A moment further away is nonsense, and adding a day to it may leave the calendar.
LATEST: Final = (datetime(3000, 1, 1, tzinfo=UTC) - EPOCH) // _MICROSECOND


class Moment(CheckedColumn[datetime]):
    """Microseconds since 1970, UTC: exact, sortable, never naive."""

    cache_ok = True
    spec = "BIGINT"

    def bind_processor(self, _dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return lambda moment: None if moment is None else (moment - EPOCH) // _MICROSECOND

    def reader(self) -> Read:
        def read(cell: object) -> object:
            if cell is None:
                return None
            if isinstance(cell, int) and -LATEST <= cell <= LATEST:
                return EPOCH + cell * _MICROSECOND
            return UNREADABLE

        return read


class Amount(CheckedColumn[Decimal]):
    """Decimal number stored as its digits."""

    cache_ok = True
    spec = "VARCHAR"

    def bind_processor(self, _dialect: Dialect) -> Callable[[Decimal | None], str | None]:
        return lambda amount: None if amount is None else str(amount)

    def reader(self) -> Read:
        def read(cell: object) -> object:
            if cell is None:
                return None
            try:
                amount = Decimal(cell) if isinstance(cell, str) else None
            except InvalidOperation:
                return UNREADABLE
            return amount if amount is not None and amount.is_finite() else UNREADABLE

        return read
