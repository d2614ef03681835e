"""Command line and environment of the sidecar process."""

import subprocess
import sys
from pathlib import Path

import pytest

from app import paths
from app.adapters.whatsapp.node_command import (
    MEMORY_BOUNDS,
    NodeCommand,
    child_environment,
    installed_node,
)
from app.domain.errors import SidecarMissingError

_ALLOCATOR = (
    {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "131072", "MALLOC_MMAP_THRESHOLD_": "131072"}
    if sys.platform == "linux"
    else {}
)


def test_the_child_sees_only_what_it_needs() -> None:
    ours = {
        "PATH": "/bin",
        "HOME": "/root",
        "NODE_OPTIONS": "--inspect",
        "WHATSAPP_WEBHOOK_SECRET": "s",
        "TZ": "UTC",
    }
    assert child_environment(ours) == {"TZ": "UTC", **_ALLOCATOR}


def test_child_environment_names_the_compile_cache_when_there_is_one(tmp_path: Path) -> None:
    assert child_environment({}, tmp_path)["NODE_COMPILE_CACHE"] == str(tmp_path)
    assert "NODE_COMPILE_CACHE" not in child_environment({"NODE_COMPILE_CACHE": "/elsewhere"})


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_child_environment_bounds_no_allocator_but_glibcs(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert child_environment({}) == {}


def test_the_library_path_from_before_the_freezing_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    assert child_environment({"LD_LIBRARY_PATH": "/usr"}) == {"LD_LIBRARY_PATH": "/usr", **_ALLOCATOR}
    frozen = {"LD_LIBRARY_PATH": "/frozen", "LD_LIBRARY_PATH_ORIG": "/usr"}
    assert child_environment(frozen) == {"LD_LIBRARY_PATH": "/usr", **_ALLOCATOR}
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert child_environment({"LD_LIBRARY_PATH": "/frozen"}) == _ALLOCATOR


def test_the_installed_node_is_there_and_what_is_missing_is_named(tmp_path: Path) -> None:
    node = installed_node()
    assert node.is_file()
    with pytest.raises(SidecarMissingError) as caught:
        NodeCommand(node, tmp_path / "sidecar.mjs").check()
    assert caught.value.facts == {"part": "bundle"}


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize("content", [b"", b"const cut=", b"const hole=1;\n\0\0\0"])
def test_node_command_refuses_a_bundle_when_it_is_cut_short(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sidecar.mjs").write_bytes(content)
    with pytest.raises(SidecarMissingError) as caught:
        NodeCommand(installed_node(), tmp_path / "sidecar.mjs").check()
    assert caught.value.facts == {"part": "bundle"}


@pytest.mark.requirement("Z6")
@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_node_command_refuses_a_node_when_it_may_not_be_run(tmp_path: Path) -> None:
    (tmp_path / "node").touch(0o600)
    with pytest.raises(SidecarMissingError) as caught:
        NodeCommand(tmp_path / "node", paths.sidecar_bundle()).check()
    assert caught.value.facts == {"part": "node"}


def test_node_command_takes_the_bundles_as_they_are_built() -> None:
    for bundle in (paths.sidecar_bundle(), paths.simulator_bundle()):
        NodeCommand(installed_node(), bundle).check()


def test_bundles_hold_no_character_beyond_ascii() -> None:
    # One such character makes V8 keep the whole source in two bytes a character.
    for bundle in (paths.sidecar_bundle(), paths.simulator_bundle()):
        assert bundle.read_bytes().isascii(), bundle.name


def test_node_takes_the_bounds_of_its_memory() -> None:
    asked = "require('v8').getHeapStatistics().heap_size_limit / 1024 / 1024"
    command = [str(installed_node()), *MEMORY_BOUNDS, "-p", asked]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert 128 <= float(done.stdout) < 160


@pytest.mark.parametrize(("platform", "name"), [("linux", "node"), ("win32", "node.exe")])
def test_a_frozen_program_has_its_node_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, name: str
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert installed_node() == tmp_path / name
    assert paths.sidecar_bundle() == tmp_path / "resources" / "whatsapp" / "dist" / "sidecar.mjs"
