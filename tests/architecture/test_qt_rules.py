"""Nothing in the window opens a loop inside the loop, which would kill other tasks for good."""

import ast
import subprocess
import sys

import pytest

from tests.architecture.tracked_files import ROOT, files_under, short

NESTED_LOOPS = frozenset({"exec", "exec_", "processEvents"})
STATIC_DIALOGS = frozenset(
    {
        "question",
        "information",
        "warning",
        "critical",
        "getOpenFileName",
        "getSaveFileName",
        "getText",
        "getInt",
    }
)
DIALOGS = frozenset({"QMessageBox", "QFileDialog", "QInputDialog"})
GUESSING = frozenset({"QLabel", "QMessageBox", "QErrorMessage", "setToolTip", "setWhatsThis"})
FORMATS_DECIDED = "app/ui/shown_text.py"
TEST_WAITS = frozenset({"waitSignal", "waitSignals", "waitUntil", "wait_signal"})


def nested_loops(text: str) -> list[str]:
    """Calls that run Qt's loop until a person or a signal answers."""
    return [
        f"{node.lineno}: {name}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if (name := node.func.attr) in NESTED_LOOPS or (name in STATIC_DIALOGS and _of_dialog(node.func))
    ]


def guessed_formats(text: str) -> list[str]:
    """Widgets and tooltips whose text Qt would take for HTML where it looks like it."""
    tree = ast.parse(text)
    bases = (
        (node.lineno, base)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for base in node.bases
    )
    calls = ((node.lineno, node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [f"{line}: {name}" for line, used in (*bases, *calls) if (name := _last_name(used)) in GUESSING]


def _last_name(used: ast.expr) -> str:
    return used.attr if isinstance(used, ast.Attribute) else used.id if isinstance(used, ast.Name) else ""


def waits_in_coroutines(text: str) -> list[str]:
    return [
        f"{call.lineno}: {call.func.attr}"
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.AsyncFunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in TEST_WAITS
    ]


def _of_dialog(called: ast.Attribute) -> bool:
    return isinstance(called.value, ast.Name) and called.value.id in DIALOGS


def test_no_dialog_of_the_window_runs_a_loop_of_its_own() -> None:
    files = files_under("app/ui", "tests/gui", suffix=".py")
    assert files
    found = {short(path): nested_loops(path.read_text("utf-8")) for path in files}
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.requirement("Z7")
def test_one_module_decides_what_qt_may_read_into_a_text() -> None:
    found = {
        short(path): guessed_formats(path.read_text("utf-8")) for path in files_under("app/ui", suffix=".py")
    }
    assert found.pop(FORMATS_DECIDED)
    assert {name: used for name, used in found.items() if used} == {}


@pytest.mark.parametrize("code", ["QLabel(name)", "class A(QMessageBox): ...", "button.setToolTip(name)"])
def test_a_format_that_qt_would_guess_is_found(code: str) -> None:
    assert guessed_formats(code)
    assert not guessed_formats("set_tooltip(button, name); PlainLabel(name)\ndef label() -> QLabel: ...")


def test_no_test_waits_for_signals_inside_a_coroutine() -> None:
    found = {
        short(path): waits_in_coroutines(path.read_text("utf-8"))
        for path in files_under("tests", suffix=".py")
    }
    assert {name: calls for name, calls in found.items() if calls} == {}


@pytest.mark.parametrize(
    "call",
    ["dialog.exec()", "QMessageBox.question(a, b)", "QFileDialog.getOpenFileName()", "app.processEvents()"],
)
def test_a_loop_inside_the_loop_is_found(call: str) -> None:
    assert nested_loops(call)
    assert not nested_loops("dialog.open(); log.warning('x')")


def test_a_wait_inside_a_coroutine_is_found() -> None:
    assert waits_in_coroutines("async def story():\n    qtbot.waitSignal(x)") == ["2: waitSignal"]
    assert waits_in_coroutines("def story():\n    qtbot.waitSignal(x)") == []


def test_the_door_of_the_window_loads_no_qt() -> None:
    code = "import sys, app.ui.opening, app.bootstrap; sys.exit(any(m.startswith('PySide6') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_import_is_searched_for_features_of_qt() -> None:
    code = (
        "import builtins, sys, app.ui.opening as opening; opening._module('palette'); "
        "sys.exit(builtins.__import__ is builtins.__feature_import__)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
