"""Simulated world: the tally of what its phones show."""

import asyncio
from typing import Any

import pytest

from app.adapters.demo.admin_client import AdminClient
from app.adapters.demo.world import SimulatedWorld
from tests.simulators.moved_clock import MovedClock

_SHOP, _CUSTOMER = "+5573988112233", "+5573999548537"


def test_the_copies_on_the_shops_own_phone_are_nobodys_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(number: str, text: str) -> dict[str, Any]:
        return {"number": number, "id": "3EB0", "text": text, "shown": 1}

    async def answer(_: AdminClient, path: str) -> Any:
        assert path == "messages"
        return {"messages": [shown(_SHOP, "só aqui"), shown(_CUSTOMER, "oi")], "wire_repeats": 2}

    monkeypatch.setattr(AdminClient, "get", answer)
    tally = asyncio.run(SimulatedWorld("ws://127.0.0.1:1/ws/chat", 1, MovedClock()).tally())
    assert [(one.number, one.text) for one in tally.messages] == [(_CUSTOMER, "oi")]
    assert tally.wire_repeats == 2
