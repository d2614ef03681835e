"""The power goes at any moment: the shop opens again, whole, with everything that it had said it has."""

import pytest

from tests.harness.power.journal import can_record
from tests.harness.power.life import Moment
from tests.harness.power.trial import power_cuts

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not can_record(), reason="the recorder needs Linux and a C compiler"),
]


@pytest.mark.requirement("Q1")
@pytest.mark.requirement("Q4")
def test_no_cut_takes_an_acknowledged_act_or_keeps_the_shop_shut() -> None:
    report = power_cuts(21, seed=7)
    assert report.faults == []
    assert set(report.moments) == set(Moment)
    assert (report.cuts, report.second_cuts) == (21, 21)
    assert report.promises > 1000


def test_power_cuts_lose_acknowledged_writes_without_full_synchronisation() -> None:
    """Otherwise the trial would not notice a loss."""
    report = power_cuts(7, seed=7, careless=True)
    assert report.lost > 0
