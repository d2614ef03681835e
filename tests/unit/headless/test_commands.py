"""Command models: validation before execution."""

import json
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import BadFieldError, UnknownCommandError
from app.headless.commands import AddOrder, read_command
from app.headless.refused_line import id_of
from tests.unit.headless.test_command_executor import TYPED


@pytest.mark.requirement("X7")
@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", '{"command": "fly"}', '{"command": "pause", "x": 1}', '{"command": "pause", "João": 1}'],
)
def test_a_line_that_is_no_command_is_refused_without_repeating_it(line: str) -> None:
    with pytest.raises(UnknownCommandError) as refusal:
        read_command(line)
    assert refusal.value.facts == {}


@pytest.mark.requirement("X7")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"number": 2**63}, "number"),
        ({"number": 0}, "number"),
        ({"total": "1e99"}, "total"),
        ({"total": "NaN"}, "total"),
        ({"items": [{"name": "Açaí", "unit_price": "Infinity"}]}, "items.unit_price"),
        ({"items": [{"name": "Açaí"}] * 201}, "items"),
        ({"total": "38 00"}, "total"),
        ({"total": "3_8"}, "total"),
        ({"total": "38,00"}, "total"),
        ({"total": "-0.01"}, "total"),
        ({"total": -1}, "total"),
        ({"items": [{"name": "Açaí", "unit_price": " 1"}]}, "items.unit_price"),
        ({"status": "x" * 41}, "status"),
        ({"order_id": "João"}, "order_id"),
        ({"id": 2**63}, "id"),
        ({"id": True}, "id"),
        ({"number": True}, "number"),
        ({"number": "1_2"}, "number"),
        ({"number": " 12 "}, "number"),
        ({"items": [{"name": "Açaí", "quantity": "1_0"}]}, "items.quantity"),
        ({"items": [{"name": "Açaí", "quantity": True}]}, "items.quantity"),
    ],
)
def test_a_field_that_does_not_fit_is_named_and_its_value_is_not(change: dict[str, Any], field: str) -> None:
    with pytest.raises(BadFieldError) as refusal:
        read_command(json.dumps({**TYPED, **change}))
    assert refusal.value.facts == {"field": field}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("30", "30.00"),
        (30, "30.00"),
        (22.5, "22.50"),
        ("1.005", "1.01"),
        ("1.0049", "1.00"),
        ("-0.001", "0.00"),
        (-0.001, "0.00"),
    ],
)
def test_a_sum_is_rounded_half_up_to_two_decimals(given: object, kept: str) -> None:
    command = read_command(json.dumps({**TYPED, "total": given}))
    assert isinstance(command, AddOrder)
    assert (command.total, str(command.total)) == (Decimal(kept), kept)


def test_a_line_that_is_refused_still_says_who_asked() -> None:
    assert id_of(b'{"id": 7, "command": "fly"}') == 7
    assert id_of(b'{"id": "a", "command": "advance"}') == "a"
    assert id_of(b'{"id": [1]}') is None
    assert id_of(b"{") is None
