"""Third-party notices: gathers the licences of all parts of a frozen program into one text."""

import ast
import json
import lzma
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = "coco-loko-balcao"
# PyInstaller's bootloader is part of every program it makes.
BUILDER = "pyinstaller"
RULE = "=" * 100
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright)", re.IGNORECASE)
HEAD = """Coco Loko Balcão: notices of third parties

The program as a whole is handed out under the GNU General Public License, version 3: see LICENSE beside this file.
Its corresponding source is the source tree of this version with its lock files and build scripts, and the packages
named below in the versions named below; whoever hands the program out hands these out with it, or publishes them
beside it.

Qt and PySide6 are used under the GNU Lesser General Public License, version 3. Their libraries are the files in the
folder _internal/PySide6; each of them may be replaced by another build of the same version.

The licences of the type and of the icons lie beside them, in _internal/resources/fonts and _internal/resources/icons.
"""


@dataclass(frozen=True)
class Notice:
    """Licence of one part; `texts` may be empty where the part only names its licence."""

    name: str
    licence: str
    texts: tuple[str, ...]


def write_notices(root: Path, table: Path, target: Path) -> int:
    """Write the notices and return the number of parts; `table` is PyInstaller's list of collected files."""
    notices = [*_runtimes(root), *_python_packages(), *_npm_packages(root), *_system_libraries(table)]
    target.write_text("\n".join([HEAD, *(_section(notice) for notice in notices)]), encoding="utf-8")
    return len(notices)


def _section(notice: Notice) -> str:
    return "\n\n".join([f"{RULE}\n{notice.name}\n{notice.licence}".rstrip(), *notice.texts]) + "\n"


def _runtimes(root: Path) -> Iterator[Notice]:
    """Yield Python and Node; Node's wheel does not carry its licence."""
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix))
    texts = [_read(folder / "LICENSE.txt") for folder in folders if (folder / "LICENSE.txt").is_file()]
    yield Notice(f"Python {sys.version.split()[0]}", "PSF-2.0", tuple(texts[:1]))
    node = (root / "packaging" / "NODE_VERSION").read_text(encoding="ascii").strip()
    own = lzma.decompress((root / "packaging" / "licences" / "node.txt.xz").read_bytes())
    yield Notice(f"Node.js {node}", "MIT, and those of its parts", (own.decode(),))
    lesser = _read(root / "packaging" / "licences" / "lgpl-3.0.txt")
    yield Notice("GNU Lesser General Public License, version 3", "of Qt and PySide6", (lesser,))


def _python_packages() -> Iterator[Notice]:
    for found in [*runtime_distributions(PROJECT), distribution(BUILDER)]:
        facts = found.metadata
        named = facts.get_all("License-Expression") or facts.get_all("License") or [""]
        files = [file for file in found.files or () if LICENCE_FILE.match(Path(file).name)]
        texts = tuple(_read(Path(str(found.locate_file(file)))) for file in files)
        yield Notice(f"{facts['Name']} {found.version} (Python)", named[0].split("\n")[0], texts)


def runtime_distributions(name: str) -> list[Distribution]:
    """Return the runtime dependencies of a distribution on this system, without itself."""
    found: dict[str, Distribution] = {}
    ahead = list(distribution(name).requires or ())
    while ahead:
        requirement = Requirement(ahead.pop())
        key = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if key in found or not (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
            continue
        found[key] = distribution(requirement.name)
        ahead += found[key].requires or ()
    return [found[key] for key in sorted(found)]


def _npm_packages(root: Path) -> Iterator[Notice]:
    """Yield the packages that the bundles may contain: all except the build's own."""
    workspace = root / "resources" / "whatsapp"
    locked = json.loads((workspace / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for place, facts in sorted(locked.items()):
        if place and not (facts.get("dev") or facts.get("peer")):
            files = sorted(path for path in (workspace / place).iterdir() if LICENCE_FILE.match(path.name))
            texts = tuple(_read(path) for path in files if path.is_file())
            name = place.rpartition("node_modules/")[2]
            yield Notice(f"{name} {facts['version']} (npm)", facts.get("license", ""), texts)


def _system_libraries(table: Path) -> Iterator[Notice]:
    """Yield the bundled Debian libraries, with the copyright file of each package."""
    if shutil.which("dpkg") is None:
        return
    collected = ast.literal_eval(table.read_text(encoding="utf-8"))[0]
    taken = {Path(source).name for _, source, kind in collected if kind == "BINARY" and _of_system(source)}
    for package in debian_packages(taken):
        copyright_file = Path("/usr/share/doc") / package / "copyright"
        texts = (_read(copyright_file),) if copyright_file.is_file() else ()
        yield Notice(f"{package} (Debian)", "", texts)


def debian_packages(libraries: Iterable[str]) -> list[str]:
    """Return the packages of these libraries; a library without a package has no line."""
    patterns = [f"*/{name}" for name in sorted(libraries)]
    if not patterns:
        return []
    said = subprocess.run(["dpkg", "-S", *patterns], capture_output=True, text=True, check=False).stdout
    return sorted({line.split(":")[0] for line in said.splitlines() if ": /" in line and "," not in line})


def _of_system(source: str) -> bool:
    return source.startswith(("/lib/", "/usr/lib/"))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()
