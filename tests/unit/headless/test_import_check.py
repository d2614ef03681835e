"""Import check of the self-test: also libraries that modules import late."""

import ast
import gc
import sys
from pathlib import Path

from app.headless.import_check import LATE_LIBRARIES
from tests.architecture.tracked_files import ROOT


def _libraries(nodes: list[ast.stmt] | list[ast.AST]) -> set[str]:
    """The roots of what these import, the standard library and ourselves left out."""
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    named = {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in plain | named} - sys.stdlib_module_names - {"app"}


def _imports(source: Path) -> tuple[set[str], set[str]]:
    # CPython 3.11 raises SystemError where a collection runs while it builds the tree.
    gc.disable()
    try:
        tree = ast.parse(source.read_text(encoding="utf-8"))
    finally:
        gc.enable()
    return _libraries(tree.body), _libraries(list(ast.walk(tree)))


def test_self_test_imports_every_library_that_is_only_imported_late() -> None:
    found = [_imports(source) for source in (ROOT / "app").rglob("*.py")]
    at_once = set[str]().union(*(first for first, _ in found))
    anywhere = set[str]().union(*(every for _, every in found))
    assert anywhere - at_once == {name.split(".")[0] for name in LATE_LIBRARIES}
