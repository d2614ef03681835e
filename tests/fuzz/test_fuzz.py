"""A share of the fuzzing, the same in each run: both doors deal with whatever comes."""

from pathlib import Path

import pytest

from tests.fuzz.runs import run_lines, run_messages

pytestmark = [pytest.mark.requirement("Z5"), pytest.mark.slow]


@pytest.mark.timeout(120)
def test_command_door_answers_every_line_of_a_fixed_seed() -> None:
    outcome = run_lines(7, lambda count: count < 1500)
    assert outcome.unhandled == []
    assert outcome.answers["ok"] > 300
    assert outcome.answers["bad_field"] > 100


@pytest.mark.timeout(180)
def test_whatsapp_door_takes_every_message_of_a_fixed_seed(tmp_path: Path) -> None:
    outcome = run_messages(7, lambda count: count < 160, tmp_path)
    assert outcome.unhandled == []
