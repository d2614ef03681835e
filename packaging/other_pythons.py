"""Runs the unit and property tests on the Pythons that the program supports besides the one at work."""

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
# Debian 13, whose Python is 3.13: the newest that a shop's computer brings.
DEBIAN = "trixie"
DEBIAN_PYTHON = "3.13"
ELSEWHERE = ("3.11", "3.12")
# The root is made beside them, so each may take longer than its usual minute.
# What varies here is the Python, not chance.
TESTS = (
    *("-n", "2", "--dist", "loadfile", "--timeout=180", "--hypothesis-seed=20260110"),
    *("tests/unit", "tests/properties"),
)
IN_ROOT = "/root/balcao"


def main() -> int:
    """Prepare the Debian root while other tests run, then run the tests in it; 1 when something failed."""
    ours = "{}.{}".format(*sys.version_info[:2])
    CACHE.mkdir(parents=True, exist_ok=True)
    # Another checkout would take the root away from under this one.
    with FileLock(CACHE / "pythons.lock"), ThreadPoolExecutor(1) as beside:
        root = beside.submit(prepared_root) if ours != DEBIAN_PYTHON else None
        passed = [run_here(version) for version in ELSEWHERE if version != ours]
        if root:
            passed.append(run_in_debian(root))
    return 0 if all(passed) else 1


def run_in_debian(root: Future[Path | None]) -> bool:
    """Run the tests in the root; without a root say why, for not every system can make one."""
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
    """Run the tests on this system's own Python of that version; True also where there is none."""
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
    """Yield the places where a Python of that version may be; pyenv's word on PATH may stand for none."""
    name = f"python{version}"
    if found := shutil.which(name):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{version}.*/bin/{name}")))


def runs(python: str) -> bool:
    """Ask for the modules that a Python built without its libraries lacks."""
    asked = [python, "-c", "import ctypes, lzma, sqlite3, ssl, venv"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


def debian_root() -> Path:
    """Return the prepared Debian of these package lists, made where the cache has none."""
    lists = [ROOT / "packaging" / name for name in ("dev", "dev_packages.sh")]
    key = hashlib.sha256(b"\0".join(path.read_bytes() for path in lists)).hexdigest()[:16]
    folder = CACHE / "roots" / f"{DEBIAN}-{key}"
    if not folder.exists():
        shutil.rmtree(CACHE / "roots", ignore_errors=True)
        make_root(DEBIAN, folder)
    return folder


def prepared_root() -> Path | None:
    """Prepare the root as README says, with the network; None when the script could not twice."""
    check_rights()
    root = debian_root()
    copy_system_settings(root)
    copy_project(ROOT, root / IN_ROOT.lstrip("/"))
    # A mirror may fail once among some hundred downloads; what is there already is not fetched again.
    return root if any(run_dev(root, "prepare", network=True) for _ in range(2)) else None


def run_dev(root: Path, task: str, *, network: bool) -> bool:
    """Run packaging/dev in the root, over the cache of this system's uv."""
    cache = subprocess.run(["uv", "cache", "dir"], check=True, capture_output=True, text=True).stdout.strip()
    mounts = [Mount(Path(cache), "root/.cache/uv")]
    return run_in_root(root, ["sh", "packaging/dev", task], IN_ROOT, mounts, network=network) == 0


def copy_project(project: Path, folder: Path) -> None:
    """Copy the project's files, and its bundles, which need not be built twice; the environment in `folder` stays."""
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
    # Tests ask git which files are the project's.
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)


if __name__ == "__main__":
    raise SystemExit(main())
