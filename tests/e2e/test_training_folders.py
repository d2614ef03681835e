"""A training whose simulated world ends with it starts afresh; one beside a lasting world goes on."""

import json
import signal
from pathlib import Path

import pytest

from tests.harness.running_app import run_app, running_app, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

_PLAIN = ("--demo", "--headless", "--orders", "2", "--json")


def test_a_plain_training_works_every_time_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    for _ in range(2):
        done = run_app(*_PLAIN, **home)
        assert (done.code, done.summary["lost"], done.summary["read"]) == (0, 0, 6), done.err
        assert list(tmp_path.iterdir()) == []


def test_an_interrupted_plain_training_does_not_promise_to_go_on(tmp_path: Path) -> None:
    with running_app("--demo", "--headless", "--orders", "50", "--json", TMPDIR=str(tmp_path)) as app:
        assert app.stderr is not None
        next(line for line in app.stderr if "Pedido #" in line)
        app.send_signal(signal.SIGINT)
        _, said = app.communicate(timeout=30)
    assert app.returncode == 130
    assert "começa do zero" in said
    assert "para continuar" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_named_folder_with_a_former_training_is_refused_and_kept(tmp_path: Path) -> None:
    again = (*_PLAIN, "--data-dir", str(tmp_path))
    assert run_app(*again).code == 0
    done = run_app(*again)
    assert done.code == 2
    assert "--simulated-whatsapp" in done.err
    assert (tmp_path / "coco-loko.db").stat().st_size > 0


def test_a_training_whose_lasting_world_is_a_new_one_is_refused_at_once(tmp_path: Path) -> None:
    again = (*_PLAIN, "--data-dir", str(tmp_path), "--simulated-whatsapp")
    with simulator() as url:
        assert json.loads(run_app(*again, url).out.splitlines()[-1])["lost"] == 0
    with simulator() as url:
        done = run_app(*again, url)
    assert done.code == 2
    assert "outro WhatsApp simulado" in done.err
