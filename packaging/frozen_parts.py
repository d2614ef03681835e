"""Says what a frozen program carries beside its own modules, and which modules are left out of it."""

from pathlib import Path

from wheel_node import find_wheel_node

Part = tuple[str, str]
"""A file, and the folder of the program that it goes to."""

RESOURCES = (
    "whatsapp/dist/sidecar.mjs",
    "whatsapp/dist/simulator.mjs",
    "i18n/*.json",
    "templates/*.json",
    "fonts/*",
    "icons/*",
    "style.qss",
)
MIGRATIONS = "app/adapters/sqlite/migrations"

# What libraries would take along, and no module of ours comes to need. Do not add phonenumbers.shortdata.
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
    """The checkout lacks something that belongs into the program; the message is one sentence."""


def files(root: Path) -> list[Part]:
    """Everything that is neither module nor program; raises PartMissingError."""
    found = [part for pattern in RESOURCES for part in _resources(root, pattern)]
    # Alembic reads its revisions as source files.
    revisions = sorted((root / MIGRATIONS).rglob("*.py"))
    found += [(str(file), file.parent.relative_to(root).as_posix()) for file in revisions]
    return [*found, (str(root / "LICENSE"), ".")]


def node() -> list[Part]:
    """The program alone: npm stays behind."""
    return [(str(find_wheel_node().node), ".")]


def is_frozen_module(name: str) -> bool:
    """The revisions are files, see above."""
    return ".migrations" not in name


def _resources(root: Path, pattern: str) -> list[Part]:
    found = sorted((root / "resources").glob(pattern))
    if not found:
        raise PartMissingError(
            f"resources/{pattern} is missing; `uv run poe bundles` makes what is not in git."
        )
    return [(str(file), file.parent.relative_to(root).as_posix()) for file in found]
