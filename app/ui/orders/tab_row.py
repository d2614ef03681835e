"""Row of tabs over the list, each with its number of orders."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QPushButton, QWidget

from app.services.orders.order_list import Tab
from app.ui.orders.order_text import tab_word
from app.ui.page_context import PageContext
from app.ui.palette import Tone

_SPACING = 4
# Tabs in a line: all of them where there is room, fewer beside the training's dock.
_IN_LINE = (len(Tab), len(Tab) // 2, 3)


class TabRow(QWidget):
    """Buttons of the tabs, on two or three lines if one would clip the texts."""

    chosen = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._counts: Mapping[Tab, int] = {}
        self._group = QButtonGroup(self)
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_SPACING)
        self._layout.setColumnStretch(len(Tab), 1)
        self.buttons = {tab: self._button(tab) for tab in Tab}
        self._in_line = 0
        self._arrange()
        self.buttons[Tab.NOW].setChecked(True)
        context.theme.changed.connect(self._apply_theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the most lines: that of one would keep the window from becoming narrower."""
        return QSize(self._width_of(_IN_LINE[-1]), super().minimumSizeHint().height())

    def choose(self, tab: Tab) -> None:
        """Select the tab as a click would."""
        self.buttons[tab].click()

    def step(self, places: int) -> None:
        """Select the tab so many places to the right, or to the left."""
        tabs = list(Tab)
        chosen = next(at for at, tab in enumerate(tabs) if self.buttons[tab].isChecked())
        self.choose(tabs[min(max(chosen + places, 0), len(tabs) - 1)])

    def show_counts(self, counts: Mapping[Tab, int]) -> None:
        self._counts = counts
        for tab, button in self.buttons.items():
            count = counts.get(tab, 0)
            lead = " " if tab is Tab.UNTOLD and count else ""
            button.setText(f"{lead}{tab_word(tab)} {count}")
        self._apply_theme()
        self._arrange()

    def _arrange(self) -> None:
        fitting = (count for count in _IN_LINE if self._width_of(count) <= self.width())
        in_line = next(fitting, _IN_LINE[-1])
        if in_line != self._in_line:
            self._in_line = in_line
            for at, button in enumerate(self.buttons.values()):
                self._layout.addWidget(button, at // in_line, at % in_line)

    def _width_of(self, in_line: int) -> int:
        """Return the width of the tabs with so many in a line: each column is as wide as its widest one."""
        widths = [button.sizeHint().width() for button in self.buttons.values()]
        return sum(max(widths[column::in_line]) + _SPACING for column in range(in_line))

    def _button(self, tab: Tab) -> QPushButton:
        button = QPushButton(tab_word(tab))
        button.setProperty("role", "tab")
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(tab))
        self._group.addButton(button)
        return button

    def _apply_theme(self) -> None:
        """Highlight the tab of customers not notified: the only one with a colour and an icon."""
        button, urgent = self.buttons[Tab.UNTOLD], self._counts.get(Tab.UNTOLD, 0) > 0
        tone_colours = self._context.theme.colours_of(Tone.BAD)
        colours = (
            f"color: {tone_colours.foreground}; background: {tone_colours.background}; font-weight: 600;"
        )
        button.setStyleSheet(colours if urgent else "")
        button.setIcon(
            self._context.theme.icon("triangle-alert", tone_colours.foreground) if urgent else QIcon()
        )
