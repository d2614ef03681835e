"""The program and its Node process live and die together, and neither's death loses a message."""

import json
import signal
from pathlib import Path

import pytest

from tests.harness.process_ends import running_after
from tests.harness.running_app import running_app, sidecars_of, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.mark.requirement("S5")
@pytest.mark.requirement("Q4")
def test_a_killed_sidecar_comes_back_and_nothing_is_lost_or_shown_twice(tmp_path: Path) -> None:
    arguments = ("--demo", "--headless", "--orders", "6", "--json", "--data-dir", str(tmp_path))
    with running_app(*arguments) as app:
        assert app.stderr is not None
        sending = 0
        for line in app.stderr:
            sending += "enviando" in line
            if sending in {5, 11}:
                sending += 1
                for sidecar in sidecars_of(app):
                    sidecar.kill()
        assert sending >= 12
        assert app.stdout is not None
        summary = json.loads(app.stdout.read().splitlines()[-1])
    assert app.returncode == 0
    assert (summary["notifications"], summary["lost"], summary["shown_twice"]) == (18, 0, 0)
    assert summary["wire_repeats"] <= 2


@pytest.mark.requirement("S5")
def test_asked_to_end_it_ends_whole(tmp_path: Path) -> None:
    with (
        simulator() as url,
        running_app("--headless", "--data-dir", str(tmp_path), "--simulated-whatsapp", url) as app,
    ):
        assert app.stdin is not None
        assert app.stdout is not None
        app.stdin.write('{"command":"pair"}\n')
        app.stdin.flush()
        for line in app.stdout:
            if json.loads(line).get("qr"):
                break
        sidecars = sidecars_of(app)
        assert len(sidecars) == 1
        app.send_signal(signal.SIGTERM)
        _, said = app.communicate(timeout=15)
    assert app.returncode == 130
    assert "Interrompido" in said
    assert running_after(sidecars, 5) == []
    assert not (tmp_path / "coco-loko.db-wal").exists()
