"""Counts of the benchmark of the screen."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenCounts:
    """Orders of the shop, those of today among them, messages sent, keys, wheel ticks and searches of each kind."""

    orders: int = 100_000
    today: int = 300
    messages: int = 1_000
    keys: int = 200
    ticks: int = 400
    searches: int = 10
