"""Lists the files that belong to the project: tracked by git, or new and not ignored."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKSPACE = "resources/whatsapp"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Absolute paths, in a fixed order; a file deleted in the work tree is not there."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    paths = sorted({ROOT / name for name in listed.stdout.split("\0") if name})
    return tuple(path for path in paths if path.is_file())


def files_under(*folders: str, suffix: str) -> list[Path]:
    """Those in one of these folders of the project whose name ends with `suffix`."""
    roots = [ROOT / folder for folder in folders]
    return [
        path
        for path in tracked_files()
        if path.name.endswith(suffix) and any(path.is_relative_to(root) for root in roots)
    ]


def short(path: Path) -> str:
    """A path as a reader of a failure wants to see it."""
    return path.relative_to(ROOT).as_posix()
