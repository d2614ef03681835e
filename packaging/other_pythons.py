"""Unit and property tests on the other Pythons that the program supports."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from debian_root import Mount, RootError, check_rights, copy_system_settings, make_root, run_in_root
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "coco-balcao"
# Debian 13 with Python 3.13: the newest that a shop's computer brings.
DEBIAN = "trixie"
DEBIAN_PYTHON = "3.13"
ELSEWHERE = ("3.11", "3.12")
# The root is made at the same time, so each test may take longer than its usual minute. The Python varies here, not
# chance.
TESTS = (
    *("-n", "2", "--dist", "loadfile", "--timeout=180", "--hypothesis-seed=20260110"),
    *("tests/unit", "tests/properties"),
)
IN_ROOT = "/root/balcao"


def main() -> int:
    """Prepare the Debian root while other tests run, then test in it; return 1 after a failure."""
    ours = "{}.{}".format(*sys.version_info[:2])
    CACHE.mkdir(parents=True, exist_ok=True)
    # Another checkout would delete the root in use here.
    with FileLock(CACHE / "pythons.lock"), ThreadPoolExecutor(1) as beside:
        root = beside.submit(prepared_root) if ours != DEBIAN_PYTHON else None
        passed = [run_here(version) for version in ELSEWHERE if version != ours]
        if root:
            passed.append(run_in_debian(root))
    return 0 if all(passed) else 1


def run_in_debian(root: Future[Path | None]) -> bool:
    """Run the tests in the root; without a root print why, since not every system can make one."""
    try:
        prepared = root.result()
    except RootError as error:
        print(f"Python {DEBIAN_PYTHON}: not tried, since {error}.", flush=True)
        return True
    if prepared is None:
        print(f"Python {DEBIAN_PYTHON}: packaging/dev could not prepare a bare Debian 13.", flush=True)
        return False
    print(f"Python {DEBIAN_PYTHON}: Debian 13 in {prepared}", flush=True)
    return run_dev(prepared, "unit", network=False)


def run_here(version: str) -> bool:
    """Run the tests on this system's own Python of that version; True also where it is missing."""
    python = next((found for found in interpreters(version) if runs(found)), None)
    if python is None:
        print(f"Python {version}: not tried, since this system has none that runs.", flush=True)
        return True
    print(f"Python {version}: {python}", flush=True)
    folder = CACHE / f"python-{version}"
    synced = subprocess.run(
        ["uv", "sync", "--quiet", "--python", python],
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(folder), "UV_PYTHON_DOWNLOADS": "never"},
        check=False,
    )
    tests = [str(folder / "bin" / "python"), "-m", "pytest", *TESTS]
    return synced.returncode == 0 and subprocess.run(tests, cwd=ROOT, check=False).returncode == 0


def interpreters(version: str) -> Iterator[str]:
    """Yield possible paths of that Python; pyenv's shim on PATH may lead to no interpreter."""
    name = f"python{version}"
    if found := shutil.which(name):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/{name}")))


def runs(python: str) -> bool:
    """Return whether the Python runs and has the modules that an incomplete build lacks."""
    asked = [python, "-c", "import ctypes, lzma, sqlite3, ssl, venv"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def debian_root() -> Path:
    """Return the prepared Debian of these package lists, made where the cache lacks it."""
    lists = [ROOT / "packaging" / name for name in ("dev", "dev_packages.sh")]
    key = hashlib.sha256(b"\0".join(path.read_bytes() for path in lists)).hexdigest()[:16]
    folder = CACHE / "roots" / f"{DEBIAN}-{key}"
    if not folder.exists():
        shutil.rmtree(CACHE / "roots", ignore_errors=True)
        make_root(DEBIAN, folder)
    return folder


def prepared_root() -> Path | None:
    """Prepare the root as README says, with the network; return None after two failures of the script."""
    check_rights()
    root = debian_root()
    copy_system_settings(root)
    copy_project(ROOT, root / IN_ROOT.lstrip("/"))
    # A mirror may fail once among some hundred downloads; finished downloads are not fetched again.
    return root if any(run_dev(root, "prepare", network=True) for _ in range(2)) else None


def run_dev(root: Path, task: str, *, network: bool) -> bool:
    """Run packaging/dev in the root, over the cache of this system's uv."""
    cache = subprocess.run(["uv", "cache", "dir"], check=True, capture_output=True, text=True).stdout.strip()
    mounts = [Mount(Path(cache), "root/.cache/uv")]
    return run_in_root(root, ["sh", "packaging/dev", task], IN_ROOT, mounts, network=network) == 0


def copy_project(project: Path, folder: Path) -> None:
    """Copy the project's files with its bundles, which need no second build; the environment in `folder` stays."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=project, check=True, capture_output=True, text=True)
    for old in folder.glob("[!.]*"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    bundles = (project / "resources" / "whatsapp" / "dist").glob("*")
    names = [*listed.stdout.split("\0"), *(str(path.relative_to(project)) for path in bundles), "uv.lock"]
    for name in names:
        if (project / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(project / name, folder / name)
    # Tests ask git for the files of the project.
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)


if __name__ == "__main__":
    raise SystemExit(main())
