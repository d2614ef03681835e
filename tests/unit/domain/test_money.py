"""Amounts in reais, rounded and formatted."""

from decimal import Decimal

import pytest

from app.domain.money import format_reais


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "R$ 0,00"),
        ("38", "R$ 38,00"),
        ("1234.5", "R$ 1.234,50"),
        ("1234567.89", "R$ 1.234.567,89"),
        ("-12.50", "R$ -12,50"),
        ("0.125", "R$ 0,13"),
        ("0.135", "R$ 0,14"),
        ("-0.004", "R$ 0,00"),
    ],
)
def test_format_reais_rounds_half_a_cent_up_and_signs_no_zero(amount: str, text: str) -> None:
    assert format_reais(Decimal(amount)) == text


@pytest.mark.parametrize("amount", ["1e30", "-1e400"])
def test_format_reais_formats_an_amount_of_any_size(amount: str) -> None:
    assert format_reais(Decimal(amount)).startswith("R$ ")
