"""Amounts of money in reais."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Final

_CENT: Final = Decimal("0.01")
_SEPARATORS: Final = str.maketrans(",.", ".,")


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount with two decimals, half a cent rounded up, zero unsigned."""
    return +amount.quantize(_CENT, ROUND_HALF_UP)


def format_reais(amount: Decimal) -> str:
    """Format as `R$ 1.234,50`, rounded as in `to_cents` and independent of the PC's locale."""
    with localcontext(rounding=ROUND_HALF_UP):
        digits = f"{amount:z,.2f}"
    return f"R$ {digits.translate(_SEPARATORS)}"
