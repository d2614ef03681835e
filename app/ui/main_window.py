"""Main window: header, navigation, and the current page."""

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from app.services.text.message_catalog import MessageCatalog, Sentence
from app.ui.enter_key import click_focused
from app.ui.frame.empty_page import EmptyPage
from app.ui.frame.header import Header
from app.ui.frame.keys_page import KeysPage
from app.ui.frame.notice import NoticeBar
from app.ui.frame.training_band import TrainingBand
from app.ui.shown_text import button_text, title_text, tooltip_text
from app.ui.theme import Theme

_SMALLEST = QSize(1024, 640)


class MainWindow(QMainWindow):
    """Main window; closing only hides it and emits `leaving`, which its owner handles."""

    leaving = Signal()
    toast_requested = Signal(str, str)
    """Title and text of a message beside the clock, for a window that is not in front."""
    counts_shown = Signal(int, str)
    """How many customers need a person, as a figure and in words."""

    def __init__(self, theme: Theme, sentences: MessageCatalog, shop_name: str, *, training: bool) -> None:
        super().__init__()
        self.theme, self._sentences, self._training = theme, sentences, training
        self.setMinimumSize(_SMALLEST)
        self.resize(1366, 768)
        self.notice, self.tabs, self.pages = NoticeBar(theme), QTabBar(), QStackedWidget()
        self.header = Header(shop_name, self.tabs)
        self.header.help_requested.connect(self.show_keys)
        self.show_shop_name(shop_name)
        self.tabs.setAccessibleName(self.tr("Páginas"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.tabs.tabBarClicked.connect(self._open_index)
        self.alone: QWidget | None = None
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        if training:
            layout.addWidget(TrainingBand(theme.palette.on_band))
        self._strips = QVBoxLayout()
        layout.addLayout(self._strips)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        for key, slot in (("F1", self.show_keys), ("F11", self.toggle_full_screen)):
            QShortcut(QKeySequence(key), self).activated.connect(slot)
        self._opening = EmptyPage(theme, "store", self.tr("Abrindo a loja…"), self.tr("Só um instante."))
        self.pages.addWidget(self._opening)

    def show_shop_name(self, shop_name: str) -> None:
        """Show the name in the header and as the window's title."""
        self._shop_name, self._title = shop_name, self.tr("{shop}: balcão").format(shop=shop_name)
        self.header.show_name(shop_name)
        self.setWindowTitle(title_text(self._title))

    def renewed(self) -> "MainWindow":
        """Return a window like this one, without pages: for a core that is opened again."""
        return MainWindow(self.theme, self._sentences, self._shop_name, training=self._training)

    def show_at_place(self, place: str) -> None:
        """Show the window where it was, within the screen; maximised without a record of its place."""
        room = self.screen().availableSize()
        self.setMinimumSize(_SMALLEST.boundedTo(room))
        if place and self.restoreGeometry(QByteArray.fromBase64(place.encode("ascii", "replace"))):
            self.resize(self.size().boundedTo(room))
            self.show()
        else:
            self.resize(self.size().boundedTo(room))
            self.showMaximized()

    def place(self) -> str:
        """Return the record of size, place and state, for `show_at_place`."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def add_page(self, title: str, page: QWidget) -> None:
        """Append the page as a tab, opened by Ctrl and its number."""
        if self._opening is self.pages.widget(0):
            self.pages.removeWidget(self._opening)
        index = self.pages.addWidget(page)
        self.tabs.addTab(button_text(title))
        shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
        shortcut.activated.connect(lambda: self._open_index(index))
        self.tabs.setTabToolTip(index, tooltip_text(f"{title} (Ctrl+{index + 1})"))

    def add_strip(self, strip: QWidget) -> None:
        """Add the strip above every page, for whatever needs a person."""
        self._strips.addWidget(strip)

    def show_counts(self, count: int, words: str) -> None:
        """Show how many need a person: in the title, and by `counts_shown` in the tray."""
        title = (
            self._title if not count else self.tr("({count}) {title}").format(count=count, title=self._title)
        )
        self.setWindowTitle(title_text(title))
        self.counts_shown.emit(count, words)

    def open_page(self, page: QWidget) -> None:
        self._open_index(self.pages.indexOf(page))

    def _open_index(self, index: int) -> None:
        """Open the page and give it the keyboard focus, for the next keystrokes; not beside a page shown alone."""
        if self.alone:
            return
        self.tabs.setCurrentIndex(index)
        if page := self.pages.widget(index):
            page.setFocus()

    def show_keys(self) -> None:
        KeysPage(self).open()

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_problem(self, sentence: Sentence) -> None:
        self.notice.show_sentence(sentence)

    def show_problem_code(self, code: str) -> None:
        self.notice.show_sentence(self._sentences.of_code(code))

    def show_stop(self, sentence: Sentence, cure: str = "") -> EmptyPage:
        """Show only a fatal error, its cure if there is one, and the button that ends the program."""
        end = self.tr("Fechar o programa")
        choices = (cure, end) if cure else (end, "")
        page = EmptyPage(self.theme, "triangle-alert", sentence.text, sentence.action, *choices)
        (page.other_button if cure else page.button).clicked.connect(self.leaving)
        self.show_alone(page)
        page.button.setFocus()
        return page

    def show_alone(self, page: QWidget) -> None:
        """Show only this page, without tabs, until `end_alone`."""
        self.alone = page
        self.tabs.hide()
        self.pages.setCurrentIndex(self.pages.addWidget(page))

    def end_alone(self, page: QWidget) -> None:
        """Remove a page that was shown alone, and show the chosen tab again."""
        self.alone = None
        self.pages.removeWidget(page)
        page.deleteLater()
        self.tabs.show()
        self.pages.setCurrentIndex(self.tabs.currentIndex())
        self._open_index(self.tabs.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not click_focused(self, event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        session_ends = (
            isinstance(app := QGuiApplication.instance(), QGuiApplication) and app.isSavingSession()
        )
        event.setAccepted(session_ends)
        self.hide()
        self.leaving.emit()
