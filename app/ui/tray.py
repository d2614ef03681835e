"""System tray icon, which stays while the window is closed."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from app.ui.icons import counted_icon
from app.ui.shown_text import set_tooltip


class Tray(QObject):
    """Tray icon with a menu; only on systems that have a tray, see `available`."""

    opened = Signal()
    left = Signal()

    def __init__(self, shop_name: str, window: QWidget) -> None:
        super().__init__(window)
        # Without a parent: the window is another one after a reopening.
        self._menu = QMenu()
        for words, signal in ((self.tr("Abrir o balcão"), self.opened), (self.tr("Sair"), self.left)):
            action = QAction(words, self._menu)
            action.triggered.connect(signal)
            self._menu.addAction(action)
        self._icon = QSystemTrayIcon(QIcon(counted_icon(0)), self)
        self.show_name(shop_name)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(self.opened)
        self._shown = False

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show_name(self, shop_name: str) -> None:
        self._shop_name = shop_name
        set_tooltip(self._icon, shop_name)

    def show(self) -> None:
        self._icon.show()

    def hide(self) -> None:
        self._icon.hide()

    def show_counts(self, count: int, words: str) -> None:
        """Show how many need a person: on the icon, and in words as its tooltip."""
        self._icon.setIcon(QIcon(counted_icon(count)))
        named = self.tr("{shop}: {words}").format(shop=self._shop_name, words=words)
        set_tooltip(self._icon, named if words else self._shop_name)

    def show_toast(self, title: str, text: str) -> None:
        """Show a message beside the clock; a click on it opens the window."""
        self._icon.showMessage(title, text)

    def show_still_running(self) -> None:
        """Show once that closing the window did not end the sending."""
        if not self._shown:
            self._shown = True
            self._icon.showMessage(
                self.tr("Continuo avisando"), self.tr("Para encerrar, use Sair neste ícone.")
            )

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()
