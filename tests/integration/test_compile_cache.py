"""Node's compiled code on the disk, however it was left there, never keeps a Node process from starting."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app import paths
from app.adapters.whatsapp.node_command import child_environment, installed_node

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

Damage = Callable[[bytes], bytes]


def _first_line(cache: Path) -> str:
    """The address the simulator listens at; it ends with its input, and keeps its compiled code then."""
    done = subprocess.run(
        [installed_node(), paths.simulator_bundle(), "--port", "0", "--exit-with-stdin"],
        input="",
        capture_output=True,
        text=True,
        env=child_environment(os.environ, cache),
        timeout=60,
        check=True,
    )
    return done.stdout


def _kept(cache: Path) -> list[Path]:
    return [file for file in cache.rglob("*") if file.is_file()]


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[: len(whole) // 2],
        lambda whole: whole[:4096] + bytes(len(whole) - 4096),
        lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
        lambda _: b"",
    ],
    ids=["cut", "hole_of_zeros", "one_bit", "empty"],
)
def test_node_starts_when_its_compile_cache_is_damaged(tmp_path: Path, damage: Damage) -> None:
    assert "ws://" in _first_line(tmp_path)
    (kept,) = _kept(tmp_path)
    kept.write_bytes(damage(kept.read_bytes()))
    assert "ws://" in _first_line(tmp_path)


def test_node_starts_when_its_compile_cache_cannot_be_a_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    assert "ws://" in _first_line(tmp_path / "taken")


def test_two_nodes_keep_one_compile_cache_when_they_end_at_once(tmp_path: Path) -> None:
    command = [str(installed_node()), str(paths.simulator_bundle()), "--port", "0", "--exit-with-stdin"]
    environment = child_environment(os.environ, tmp_path)
    both = [
        subprocess.Popen(command, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for child in both:
        said, _ = child.communicate("", timeout=60)
        assert "ws://" in said
    assert len(_kept(tmp_path)) == 1
    assert "ws://" in _first_line(tmp_path)
