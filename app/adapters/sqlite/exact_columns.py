"""Columns that keep moments and amounts without rounding them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Dialect
from sqlalchemy.types import UserDefinedType

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class Moment(UserDefinedType[datetime]):
    """Microseconds since 1970, UTC: exact, sortable, and never naive."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "BIGINT"

    def bind_processor(self, _dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return lambda moment: None if moment is None else (moment - _EPOCH) // _MICROSECOND

    def result_processor(self, _dialect: Dialect, _type: object) -> Callable[[int | None], datetime | None]:
        return lambda passed: None if passed is None else _EPOCH + passed * _MICROSECOND


class Amount(UserDefinedType[Decimal]):
    """A decimal number as its digits."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "VARCHAR"

    def bind_processor(self, _dialect: Dialect) -> Callable[[Decimal | None], str | None]:
        return lambda amount: None if amount is None else str(amount)

    def result_processor(self, _dialect: Dialect, _type: object) -> Callable[[str | None], Decimal | None]:
        return lambda digits: None if digits is None else Decimal(digits)
