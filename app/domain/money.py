"""Amounts of money in reais."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """Return the amount with two decimals, half a cent rounded up, zero unsigned."""
    return +amount.quantize(_CENT, ROUND_HALF_UP)


def format_reais(amount: Decimal) -> str:
    """Format as `R$ 1.234,50`, independent of the PC's locale."""
    whole, _, cents = f"{abs(amount):,.2f}".partition(".")
    sign = "-" if amount < 0 else ""
    return f"R$ {sign}{whole.replace(',', '.')},{cents}"
