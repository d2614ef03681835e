"""Progress of the first run: which step comes next, whichever were done or skipped."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from app.domain.first_run import SETUP_STEPS, SetupProgress, SetupStep

_ACTS = st.lists(st.tuples(st.sampled_from(SETUP_STEPS), st.booleans()))
_STEPS = st.frozensets(st.sampled_from(SETUP_STEPS))


def _progress(acts: Sequence[tuple[SetupStep, bool]]) -> SetupProgress:
    progress = SetupProgress()
    for step, done in acts:
        progress = progress.with_done(step) if done else progress.with_skipped(step)
    return progress


def test_setup_steps_are_in_the_order_of_the_wizard() -> None:
    assert SETUP_STEPS == ("welcome", "connect", "message", "pin", "phrase", "orders", "poster")


@given(_ACTS)
def test_step_is_never_both_done_and_skipped(acts: list[tuple[SetupStep, bool]]) -> None:
    progress = _progress(acts)
    assert not progress.done & progress.skipped
    assert progress.done == {step for step, done in acts if done}


@given(_ACTS, _STEPS)
def test_next_step_is_the_first_that_has_not_ended(
    acts: list[tuple[SetupStep, bool]], fulfilled: frozenset[SetupStep]
) -> None:
    ended = {step for step, _ in acts} | fulfilled
    expected = [step for step in SETUP_STEPS if step not in ended]
    assert _progress(acts).next_step(fulfilled) == (expected[0] if expected else None)


@given(_ACTS, _STEPS)
def test_left_holds_skipped_steps_and_those_that_never_began(
    acts: list[tuple[SetupStep, bool]], fulfilled: frozenset[SetupStep]
) -> None:
    left = _progress(acts).left(fulfilled)
    assert set(left) | {step for step, done in acts if done} | fulfilled == set(SETUP_STEPS)
    assert list(left) == [step for step in SETUP_STEPS if step in left]
