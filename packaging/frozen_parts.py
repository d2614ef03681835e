"""Contents of a frozen program beside its own modules, and the excluded modules."""

from pathlib import Path

from wheel_node import find_wheel_node

Part = tuple[str, str]
"""A file, and its folder in the program."""

RESOURCES = (
    "whatsapp/dist/sidecar.mjs",
    "whatsapp/dist/simulator.mjs",
    "i18n/*.json",
    "templates/*.json",
    "fonts/*",
    "icons/*",
    "sounds/*.wav",
    "style.qss",
)
MIGRATIONS = "app/adapters/sqlite/migrations"

# Modules that libraries would include, and no module of ours needs. Do not add phonenumbers.shortdata.
EXCLUDED_MODULES = [
    "PySide6.QtPdf",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "greenlet",
    "hypothesis",
    "mypy",
    "numpy",
    "phonenumbers.carrier",
    "phonenumbers.carrierdata",
    "phonenumbers.geocoder",
    "phonenumbers.geodata",
    "phonenumbers.timezone",
    "phonenumbers.tzdata",
    "pygments",
    "pytest",
    "readline",
    "setuptools",
    "tkinter",
    "uvloop",
    "yaml",
]


class PartMissingError(RuntimeError):
    """Error of an incomplete checkout; the message is one sentence."""


def files(root: Path) -> list[Part]:
    """Return all files that are neither module nor program; raises PartMissingError."""
    found = [part for pattern in RESOURCES for part in _resources(root, pattern)]
    # Alembic reads its revisions as source files.
    revisions = sorted((root / MIGRATIONS).rglob("*.py"))
    found += [(str(file), file.parent.relative_to(root).as_posix()) for file in revisions]
    return [*found, (str(root / "LICENSE"), ".")]


def node() -> list[Part]:
    """Return the Node program, without npm."""
    return [(str(find_wheel_node().node), ".")]


def is_frozen_module(name: str) -> bool:
    """Return whether a module is frozen; the revisions are files, see above."""
    return ".migrations" not in name


def _resources(root: Path, pattern: str) -> list[Part]:
    found = sorted((root / "resources").glob(pattern))
    if not found:
        raise PartMissingError(
            f"resources/{pattern} is missing; `uv run poe bundles` makes what is not in git."
        )
    return [(str(file), file.parent.relative_to(root).as_posix()) for file in found]
