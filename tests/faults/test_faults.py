"""Every fault is played against the real program, and the page says of each what was seen."""

import asyncio
from collections.abc import Iterator

import pytest

from app.domain.notification import State
from app.domain.phone import Phone
from tests.faults.stage import Stage, set_stage
from tests.faults.table import PAGE, TRIALS, begins, row, rows_of
from tests.faults.trial import Seen, Trial
from tests.harness.fault_shop import FaultShopHarness

PROVES = {
    "P1": pytest.mark.requirement("S3"),
    "P2": pytest.mark.requirement("S1"),
    "P3": pytest.mark.requirement("S1"),
    "P4": pytest.mark.requirement("D4"),
    "P5": pytest.mark.requirement("S1"),
    "P6": pytest.mark.requirement("S1"),
    "C1": pytest.mark.requirement("S3"),
    "C2": pytest.mark.requirement("S3"),
    "C3": pytest.mark.requirement("S3"),
    "C4": pytest.mark.requirement("S3"),
    "C5": pytest.mark.requirement("S3"),
    "C6": pytest.mark.requirement("S3"),
    "C7": pytest.mark.requirement("S4"),
    "C40": pytest.mark.requirement("S3"),
    "C42": pytest.mark.requirement("S3"),
    "C45": pytest.mark.requirement("S1"),
    **{f"C{number}": pytest.mark.requirement("S3") for number in range(12, 30)},
    "M1": pytest.mark.requirement("X2"),
    "M2": pytest.mark.requirement("Q3"),
    "M3": pytest.mark.requirement("X2"),
    "M4": pytest.mark.requirement("Q3"),
    "M5": pytest.mark.requirement("Q4"),
    "M6": pytest.mark.requirement("S7"),
    "M8": pytest.mark.requirement("P2"),
    "M9": pytest.mark.requirement("S6"),
    "M11": pytest.mark.requirement("X4"),
    "M13": pytest.mark.requirement("Q3"),
    "M14": pytest.mark.requirement("K1"),
    "M18": pytest.mark.requirement("K2"),
    "M19": pytest.mark.requirement("K4"),
    "M20": pytest.mark.requirement("X1"),
    "H2": pytest.mark.requirement("K6"),
    "H3": pytest.mark.requirement("K7"),
    "H4": pytest.mark.requirement("K7"),
    "W1": pytest.mark.requirement("X2"),
    "W2": pytest.mark.requirement("P2"),
    "W3": pytest.mark.requirement("P2"),
    "W6": pytest.mark.requirement("X1"),
    **{f"A{number}": pytest.mark.requirement("X1") for number in range(1, 8)},
}


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def stage(runner: asyncio.Runner) -> Iterator[Stage]:
    world = set_stage()
    yield runner.run(world.__aenter__())
    runner.run(world.__aexit__(None, None, None))


def _marks(trial: Trial) -> list[pytest.MarkDecorator]:
    return [PROVES[trial.fault]] if trial.fault in PROVES else []


@pytest.mark.slow
@pytest.mark.parametrize("trial", [pytest.param(each, marks=_marks(each), id=str(each)) for each in TRIALS])
def test_a_fault_is_dealt_with_as_the_page_says(trial: Trial, stage: Stage, runner: asyncio.Runner) -> None:
    seen = runner.run(stage.play(trial))
    assert row(trial, seen) in PAGE.read_text(encoding="utf-8").splitlines()


async def _leaves_an_order_behind(shop: FaultShopHarness) -> Seen:
    await shop.core.connection.disconnect()
    await shop.tell(await shop.customer())
    return Seen("left")


async def _counts_the_unsettled(shop: FaultShopHarness) -> Seen:
    return Seen(f"{await shop.unsettled()}")


@pytest.mark.slow
def test_stage_replaces_the_shop_when_a_trial_left_a_message(stage: Stage, runner: asyncio.Runner) -> None:
    runner.run(stage.play(Trial("", "", _leaves_an_order_behind)))
    assert runner.run(stage.play(Trial("", "", _counts_the_unsettled))) == Seen("0")


async def _leaves_a_refusal_armed(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.whatsapp.fault("nack", code=400, number=customer.number, times=-1)
    return Seen(customer.number)


@pytest.mark.slow
def test_stage_ends_a_fault_of_one_customer_after_the_trial(stage: Stage, runner: asyncio.Runner) -> None:
    number = runner.run(stage.play(Trial("", "", _leaves_a_refusal_armed))).end

    async def tells_the_same_customer(shop: FaultShopHarness) -> Seen:
        return Seen((await shop.told(Phone(number))).state)

    assert runner.run(stage.play(Trial("", "", tells_the_same_customer))) == Seen(State.READ)


def test_the_page_has_the_rows_of_the_trials_and_no_others() -> None:
    written = rows_of(PAGE.read_text(encoding="utf-8"))
    assert len(written) == len(TRIALS)
    for line, trial in zip(written, TRIALS, strict=True):
        assert line.startswith(begins(trial))
