"""Liveness monitor: expiry of the last response; an unusable answer changes nothing."""

from datetime import timedelta

import pytest

from app.domain.liveness import LivenessPolicy
from app.domain.session import ConnectionState
from app.services.connection.recycling import Recycling
from tests.harness.shop import Shop, in_shop
from tests.unit.services.connection.test_liveness_monitor import lamps

POLICY, SECOND = LivenessPolicy(), timedelta(seconds=1)


@pytest.mark.requirement("S4")
@pytest.mark.parametrize("took", [0.25, 1, 2.5, 4.999, 5])
def test_lamp_is_told_unstable_right_after_its_proof_expires(took: float) -> None:
    async def story(shop: Shop) -> None:
        shop.messenger.pongs.extend([took * SECOND, *[None] * 9])
        await shop.pass_time(seconds=15 + took)
        proved_at = shop.core.connection.get_connection_status().proved_at
        assert proved_at == shop.clock.now()
        await shop.pass_time(seconds=POLICY.alive_for.total_seconds())
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        await shop.pass_time(milliseconds=1)
        assert lamps(shop) == [
            ConnectionState.CONNECTING,
            ConnectionState.CONNECTED,
            ConnectionState.UNSTABLE,
        ]

    in_shop(story)


@pytest.mark.requirement("Z2")
def test_lamp_stays_green_when_every_answer_meets_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one row that does not open would raise it, each time the process asks whether all is quiet."""

    async def fail(*_: object) -> None:
        raise ValueError

    async def story(shop: Shop) -> None:
        await shop.pass_time(minutes=10)
        assert lamps(shop) == [ConnectionState.CONNECTING, ConnectionState.CONNECTED]
        assert len(shop.messenger.pings) >= 38
        assert {each.failures for each in shop.core.background.health()} == {0}

    monkeypatch.setattr(Recycling, "consider", fail)
    in_shop(story)
