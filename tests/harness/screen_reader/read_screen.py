"""Works the window through the accessibility bus, as a screen reader does; shares no code with the program.

`/usr/bin/python3 read_screen.py STEPS` presses the next step's button of so many orders and walks every page. It writes
one line of JSON: what is showing without a name, the orders whose step was taken, and the buttons that can be pressed.
"""

import json
import sys
import time  # noqa: TID251 - this process has no clock of the program
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

import pyatspi
from gi.repository import Atspi

_APPLICATION = "coco-loko-balcao"
_PATIENCE = 40
_POLL = 0.1
_MUST_BE_NAMED = frozenset(
    {"push button", "check box", "radio button", "combo box", "text", "spin button", "slider"}
    | {"list", "list item", "page tab", "page tab list", "menu item", "dialog", "frame", "application"}
)
# Of this step alone: the training's kitchen goes on with its own orders, too, and would take a later one back.
_STEP = "Iniciar preparo"
_DONE = ("Em preparo,", "Pronto,")
# The kitchen leaves an order alone for half a minute, and a new one comes every twelve seconds.
_CALM = 0
_RETURN = 0xFF0D

Node = Any
T = TypeVar("T")


def main() -> None:
    steps = int(sys.argv[1])
    application = _until(_application, "the application on the bus")
    # This process runs no loop that would hear of changed names: each is asked for anew.
    application.set_cache_mask(Atspi.Cache.NONE)
    _until(lambda: len(_orders(application)) >= min(steps, 3), "the first orders")
    slider = _until(lambda: _named(application, "slider", "Movimento da loja"), "the tempo's slider")
    slider.queryValue().currentValue = _CALM
    nameless = set(_nameless(application))
    taken: list[str] = []
    while len(taken) < steps:
        taken.append(_take_step(application, taken))
    nameless |= set(_nameless(application))
    buttons = _buttons(application)
    for page in ("Modelos", "Monitor", "Ajustes", "Pedidos"):
        _press(_until(partial(_named, application, "page tab", page), page))
        time.sleep(1)
        nameless |= set(_nameless(application))
        buttons |= _buttons(application)
    found = {"nameless": sorted(nameless), "taken": taken, "buttons": sorted(buttons)}
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")


def _take_step(application: Node, taken: Sequence[str]) -> str:
    """Choose the first paid order, press the button of its next step, and wait for its row to say so."""
    number = _until(lambda: _paid(application, taken), "a paid order")
    _choose(application, number)
    pane = _until(lambda: _pane_of(application, number), f"the detail of {number}")
    _press(_until(lambda: _starting(pane, _STEP), f"the button of {number}"))
    _until(lambda: _is_done(application, number), f"{number} in preparation")
    return number


def _paid(application: Node, taken: Sequence[str]) -> str | None:
    numbers = (" ".join(row.name.split()[:2]) for row in _orders(application) if row.name.endswith(_STEP))
    return next((number for number in numbers if number not in taken), None)


def _choose(application: Node, number: str) -> None:
    """Type the number and Enter into the list, as its description says."""
    _until(lambda: _named(application, "list", "Pedidos"), "the list").queryComponent().grabFocus()
    for digit in number.split()[1]:
        _type(ord(digit))
    _type(_RETURN)


def _type(key: int) -> None:
    pyatspi.Registry.generateKeyboardEvent(key, None, pyatspi.KEY_SYM)


def _pane_of(application: Node, number: str) -> Node | None:
    """Return the detail pane where it shows this order."""
    pane = _named(application, "panel", "Pedido escolhido")
    digits = number.split()[1]
    if pane and any(digits in node.name for node in _showing(pane) if node.getRoleName() == "label"):
        return pane
    return None


def _is_done(application: Node, number: str) -> bool:
    row = next((row for row in _orders(application) if _is_of(row, number)), None)
    return row is not None and any(line.startswith(_DONE) for line in row.name.split("\n"))


def _is_of(row: Node, number: str) -> bool:
    return bool(row.name.startswith(f"{number} "))


def _orders(application: Node) -> list[Node]:
    rows = _named(application, "list", "Pedidos")
    return [row for row in _children(rows) if row.name.startswith("Pedido ")] if rows else []


def _press(button: Node) -> None:
    actions = button.queryAction()
    actions.doAction(next(at for at in range(actions.nActions) if actions.getName(at) == "Press"))


def _buttons(application: Node) -> set[str]:
    return {
        node.name
        for node in _showing(application)
        if node.getRoleName() == "push button" and _can_press(node)
    }


def _can_press(node: Node) -> bool:
    actions = node.queryAction()
    return any(actions.getName(at) in ("Press", "ShowMenu") for at in range(actions.nActions))


def _nameless(application: Node) -> Iterator[str]:
    """Yield the showing controls without a name, each with its place in the tree."""
    for node in _showing(application):
        if node.getRoleName() in _MUST_BE_NAMED and not node.name.strip():
            yield _place(node)


def _place(node: Node) -> str:
    parts = []
    while node is not None and node.getRoleName() != "application":
        parts.append(f"{node.getRoleName()} {node.name[:40]!r} at {node.getIndexInParent()}")
        node = node.parent
    return " < ".join(parts)


def _named(root: Node, role: str, name: str) -> Node | None:
    found = (node for node in _showing(root) if node.getRoleName() == role and node.name.strip() == name)
    return next(found, None)


def _starting(root: Node, words: str) -> Node | None:
    buttons = (node for node in _showing(root) if node.getRoleName() == "push button")
    return next((node for node in buttons if node.name.strip().startswith(words)), None)


def _showing(root: Node) -> Iterator[Node]:
    """Yield what is on the screen: hidden pages are in the tree, too, and are passed over."""
    for child in _children(root):
        if child.getState().contains(pyatspi.STATE_SHOWING):
            yield child
            yield from _showing(child)


def _children(node: Node) -> list[Node]:
    return [child for child in node if child is not None]


def _application() -> Node | None:
    desktop = pyatspi.Registry.getDesktop(0)
    return next((each for each in _children(desktop) if each.name == _APPLICATION), None)


def _until(found: Callable[[], T | None], what: str) -> T:
    """Poll the tree, parts of which vanish while they are read."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            if result := found():
                return result
        except (LookupError, RuntimeError, StopIteration):
            pass
        time.sleep(_POLL)
    raise TimeoutError(f"the window never showed {what}")


if __name__ == "__main__":
    main()
