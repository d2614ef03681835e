"""Imports each module of the program, so that one which was left out of a package is missed before it is needed."""

import pkgutil
from importlib import import_module

import app

_WINDOW = "app.ui."
# Alembic runs these itself, inside a transaction that only it can open.
_REVISIONS = ".migrations."


def import_every_module(*, with_qt: bool) -> int:
    """How many there are; raises ImportError."""
    names = [
        found.name
        for found in pkgutil.walk_packages(app.__path__, "app.", onerror=_raise)
        if _REVISIONS not in found.name and (with_qt or not found.name.startswith(_WINDOW))
    ]
    for name in names:
        import_module(name)
    return len(names)


def _raise(name: str) -> None:
    raise ImportError(name=name)
