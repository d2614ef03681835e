"""Main window: header, navigation, and the current page."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.services.text.message_catalog import MessageCatalog, Sentence
from app.ui.frame.empty_page import EmptyPage
from app.ui.frame.header import Header
from app.ui.frame.notice import NoticeBar
from app.ui.frame.training_band import TrainingBand
from app.ui.shown_text import button_text, title_text
from app.ui.theme import Theme


class MainWindow(QMainWindow):
    """Main window; closing only hides it and emits `leaving`, which its owner handles."""

    leaving = Signal()

    def __init__(self, theme: Theme, sentences: MessageCatalog, shop_name: str, *, training: bool) -> None:
        super().__init__()
        self.theme, self._sentences = theme, sentences
        self.setMinimumSize(1024, 640)
        self.resize(1366, 768)
        self.header, self.notice = Header(shop_name), NoticeBar(theme)
        self.show_shop_name(shop_name)
        self.tabs, self.pages = QTabBar(), QStackedWidget()
        self.tabs.setAccessibleName(self.tr("Páginas"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.currentChanged.connect(self.pages.setCurrentIndex)
        self.tabs.tabBarClicked.connect(self._open_index)
        self._navigation = self._navigation_bar()
        self.alone: QWidget | None = None
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        if training:
            layout.addWidget(TrainingBand(theme.palette.on_band))
        layout.addWidget(self._navigation)
        self._strips = QVBoxLayout()
        layout.addLayout(self._strips)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self._opening = EmptyPage(theme, "store", self.tr("Abrindo a loja…"), self.tr("Só um instante."))
        self.pages.addWidget(self._opening)

    def show_shop_name(self, shop_name: str) -> None:
        """Show the name in the header and as the window's title."""
        self.header.show_name(shop_name)
        self.setWindowTitle(title_text(self.tr("{shop}: balcão").format(shop=shop_name)))

    def add_page(self, title: str, page: QWidget) -> None:
        """Append the page as a tab, opened by Ctrl and its number."""
        if self._opening is self.pages.widget(0):
            self.pages.removeWidget(self._opening)
        index = self.pages.addWidget(page)
        self.tabs.addTab(button_text(title))
        shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
        shortcut.activated.connect(lambda: self._open_index(index))
        self.tabs.setTabToolTip(index, f"Ctrl+{index + 1}")

    def add_strip(self, strip: QWidget) -> None:
        """Add the strip above every page, for whatever needs a person."""
        self._strips.addWidget(strip)

    def add_counters(self, counters: QWidget) -> None:
        self._navigation_layout.addWidget(counters)

    def open_page(self, page: QWidget) -> None:
        self._open_index(self.pages.indexOf(page))

    def _open_index(self, index: int) -> None:
        """Open the page and give it the keyboard focus, for the next keystrokes; not beside a page shown alone."""
        if self.alone:
            return
        self.tabs.setCurrentIndex(index)
        if page := self.pages.widget(index):
            page.setFocus()

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
        self._navigation.hide()
        self.pages.setCurrentIndex(self.pages.addWidget(page))

    def end_alone(self, page: QWidget) -> None:
        """Remove a page that was shown alone, and show the chosen tab again."""
        self.alone = None
        self.pages.removeWidget(page)
        page.deleteLater()
        self._navigation.show()
        self.pages.setCurrentIndex(self.tabs.currentIndex())
        self._open_index(self.tabs.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the focused button on Enter: outside a dialog, Qt leaves that key to the window."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            focused, QPushButton | QToolButton
        ):
            focused.click()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        session_ends = (
            isinstance(app := QGuiApplication.instance(), QGuiApplication) and app.isSavingSession()
        )
        event.setAccepted(session_ends)
        self.hide()
        self.leaving.emit()

    def _navigation_bar(self) -> QFrame:
        bar = QFrame()
        bar.setObjectName("navigation")
        self._navigation_layout = QHBoxLayout(bar)
        self._navigation_layout.setContentsMargins(8, 0, 0, 0)
        self._navigation_layout.addWidget(self.tabs)
        self._navigation_layout.addStretch(1)
        return bar
