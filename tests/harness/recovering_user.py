"""Person without a mouse who recovers a shop: `python -m … ORDERS ARGUMENT …`, with the phrase on stdin."""

import json
import sys

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.cli import main as run_program
from app.ui import application
from app.ui.access.phrase_dialog import PhraseDialog
from app.ui.frame.empty_page import EmptyPage
from app.ui.main_window import MainWindow
from app.ui.orders.orders_page import OrdersPage

_LOOK_EVERY_MILLISECONDS = 50
_CURE = "Recuperar com a frase…"


class RecoveringUser(QObject):
    """Goes by Tab and Enter from the stop page to the orders, says each step on stdout, and closes the window."""

    def __init__(self, phrase: str, orders: int, parent: QObject) -> None:
        super().__init__(parent)
        self._phrase, self._orders, self._typed = phrase, orders, False
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(_LOOK_EVERY_MILLISECONDS)

    def _look(self) -> None:
        """Use the dialog, or the window where there is none: offscreen, Qt activates no window after a dialog."""
        shown = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        dialog = next((each for each in shown if isinstance(each, PhraseDialog)), None)
        window = next((each for each in shown if isinstance(each, MainWindow)), None)
        if dialog:
            self._type_phrase(_focused_in(dialog))
        elif window:
            self._use_window(window, _focused_in(window))

    def _type_phrase(self, field: QWidget) -> None:
        if not self._typed:
            self._typed = True
            QTest.keyClicks(field, self._phrase)
            QTest.keyClick(field, Qt.Key.Key_Return)

    def _use_window(self, window: MainWindow, focused: QWidget) -> None:
        page = window.pages.currentWidget()
        if isinstance(page, EmptyPage):
            self._press_cure(page, focused)
        elif isinstance(page, OrdersPage) and len(page.orders.ids) == self._orders:
            rows = [page.model.place_of(order_id) for order_id in page.orders.ids]
            shown = [row.data(Qt.ItemDataRole.AccessibleTextRole) for row in rows]
            if all(shown):
                _say({"orders": shown})
                window.close()

    def _press_cure(self, page: EmptyPage, focused: QWidget) -> None:
        if self._typed:
            return
        if isinstance(focused, QPushButton) and focused.text() == _CURE:
            _say({"stopped": page.accessibleName()})
            QTest.keyClick(focused, Qt.Key.Key_Return)
        else:
            QTest.keyClick(focused, Qt.Key.Key_Tab)


def _focused_in(window: QWidget) -> QWidget:
    found: QWidget | None = window.focusWidget()
    return found if isinstance(found, QWidget) else window


def _say(step: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(step)}\n")
    sys.stdout.flush()


def main(orders: int, arguments: list[str]) -> int:
    """Run the program; its application, which must not be made before it, gets its user."""
    make, phrase = application.make_application, sys.stdin.readline().strip()

    def make_with_user() -> QApplication:
        made = make()
        RecoveringUser(phrase, orders, made)
        return made

    application.make_application = make_with_user
    return run_program(arguments)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
