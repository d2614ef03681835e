"""A share of the fuzzing, the same in each run: every door answers or refuses each input."""

from pathlib import Path

import pytest

from tests.fuzz.runs import run_lines, run_messages
from tests.fuzz.wire_runs import run_config, run_wire

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


@pytest.mark.timeout(120)
def test_sidecar_door_takes_every_line_of_a_fixed_seed() -> None:
    outcome = run_wire(7, lambda count: count < 1500)
    assert outcome.unhandled == []
    assert outcome.answers["answered"] > 300
    assert outcome.answers["refused"] > 100


def test_settings_are_read_or_refused_from_every_file_of_a_fixed_seed(tmp_path: Path) -> None:
    outcome = run_config(7, lambda count: count < 2000, tmp_path)
    assert outcome.unhandled == []
    assert outcome.answers["0 unknown"] > 200
    assert outcome.answers["refused"] > 200
