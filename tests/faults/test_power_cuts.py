"""The power goes at any moment: the shop opens again, whole, with everything that it had said it has."""

import pytest

from tests.simulators.power.journal import can_record
from tests.simulators.power.life import Moment
from tests.simulators.power.trial import power_cuts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not can_record(), reason="the recorder needs Linux and a C compiler"),
]


@pytest.mark.requirement("Q1")
@pytest.mark.requirement("Q4")
def test_no_cut_takes_an_acknowledged_act_or_keeps_the_shop_shut() -> None:
    reckoning = power_cuts(21, seed=7)
    assert reckoning.faults == []
    assert set(reckoning.moments) == set(Moment)
    assert (reckoning.cuts, reckoning.second_cuts) == (21, 21)
    assert reckoning.promises > 1000


def test_power_cuts_lose_acknowledged_writes_without_full_synchronisation() -> None:
    """Otherwise the trial would not notice a loss."""
    reckoning = power_cuts(7, seed=7, careless=True)
    assert reckoning.lost > 0
