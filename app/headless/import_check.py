"""Import check: imports each module of the program, and each library that they import late.

A module that was left out of a package is detected before it is needed.
"""

import pkgutil
from importlib import import_module

import app

_WINDOW = "app.ui."
# Alembic runs these itself, inside a transaction that only it can open.
_REVISIONS = ".migrations."
# Imported inside functions only, because few starts use them.
LATE_LIBRARIES = ("argon2.low_level", "keyring", "miniaudio", "mnemonic", "structlog")


def import_every_module(*, with_qt: bool) -> int:
    """Import all modules and return their number; raises ImportError."""
    names = [
        found.name
        for found in pkgutil.walk_packages(app.__path__, "app.", onerror=_raise)
        if _REVISIONS not in found.name and (with_qt or not found.name.startswith(_WINDOW))
    ]
    for name in (*names, *LATE_LIBRARIES):
        import_module(name)
    return len(names)


def _raise(name: str) -> None:
    raise ImportError(name=name)
