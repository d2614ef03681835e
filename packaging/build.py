"""Build of the frozen program: `uv run python packaging/build.py` leaves it in dist/coco-balcao."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from frozen_parts import PartMissingError, files
from notices import write_notices
from whatsapp_bundles import BundleError, build_for_checkout

ROOT = Path(__file__).resolve().parent.parent
PACKAGING = ROOT / "packaging"
FROZEN = ROOT / "dist" / "coco-balcao"
WORK = ROOT / "build" / "frozen"
NOTICES = "THIRD_PARTY_NOTICES.txt"


def main() -> int:
    """Build the program and print its size."""
    try:
        build_for_checkout(ROOT)
        files(ROOT)
    except (BundleError, PartMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    if code := freeze():
        return code
    table = WORK / "counter" / "COLLECT-00.toc"
    named = write_notices(ROOT, table, FROZEN / NOTICES)
    shutil.copyfile(ROOT / "LICENSE", FROZEN / "LICENSE")
    if missing := missing_libraries(FROZEN):
        print(
            f"This computer lacks {', '.join(missing)}: so does the program, which needs them for a window."
        )
    print(f"{FROZEN.relative_to(ROOT)}: {_size(FROZEN) // 2**20} MiB, {named} notices")
    return 0


def freeze() -> int:
    """Run PyInstaller, in a process of its own because it changes the one it runs in; return its exit code."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    folders = ["--distpath", str(FROZEN.parent), "--workpath", str(WORK)]
    search = os.pathsep.join([str(PACKAGING), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return subprocess.run(
        [*command, *folders, str(PACKAGING / "counter.spec")],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": search},
        check=False,
    ).returncode


def missing_libraries(frozen: Path) -> list[str]:
    """Return libraries needed by Qt's platforms that are neither in the program nor here; Linux only."""
    if sys.platform != "linux":
        return []
    inside = frozen / "_internal"
    screens = [str(path) for path in inside.glob("PySide6/Qt/plugins/platforms/*.so")]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(inside)}
    said = subprocess.run(
        ["ldd", *screens], env=environment, capture_output=True, text=True, check=True
    ).stdout
    return sorted({line.split()[0] for line in said.splitlines() if line.endswith("=> not found")})


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    raise SystemExit(main())
