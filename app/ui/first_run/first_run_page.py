"""Wizard of the first run: list of steps, page of the current one, and three buttons."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import CocoLokoError
from app.domain.first_run import SetupStep
from app.ui.first_run.step_list import StepList
from app.ui.first_run.step_page import StepPage
from app.ui.first_run.step_pages import page_of
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel, button_text, set_tooltip

_WIDEST = 860
# The buttons end where the cards do, which leave room for a scroll bar.
_SCROLL_BAR = 8


class FirstRunPage(QWidget):
    """Leads through `steps`; each end is stored before the next page opens. `left` is emitted after the last.

    The step that connects a number is always one of them, for steps that need one.
    """

    left = Signal()

    def __init__(
        self, context: PageContext, steps: Sequence[SetupStep], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._first_run = context, context.core.setup.first_run
        self._steps, self._pages = tuple(steps), dict[SetupStep, StepPage]()
        self.step: SetupStep | None = None
        self._ending = False
        self.setObjectName("page")
        self.setAccessibleName(self.tr("Primeiros passos"))
        self.steps = StepList(context.theme, self._first_run, self._steps)
        self.count = PlainLabel()
        self.count.setProperty("role", "overline")
        self._stack = QStackedWidget()
        self.back, self.later = QPushButton(self.tr("Voltar")), QPushButton(self.tr("Depois"))
        self.primary = QPushButton()
        self.primary.setProperty("role", "primary")
        set_tooltip(self.later, self.tr("Esc · fica em Ajustes › Primeiros passos"))
        set_tooltip(self.primary, "Enter")
        self.back.clicked.connect(self._go_back)
        self.later.clicked.connect(lambda: self._end(self.step, done=False))
        self.primary.clicked.connect(self._act)
        context.bridge.access_changed.connect(self.steps.refresh)
        self._build_layout()

    @property
    def page(self) -> StepPage:
        """Page of the current step."""
        assert self.step  # noqa: S101 - set by `open_step` before the page is shown
        return self._pages[self.step]

    def open_step(self, step: SetupStep) -> None:
        """Show the page of a step; it is made when it is first shown."""
        self._close_page()
        self.step = step
        if step not in self._pages:
            self._pages[step] = self._new_page(step)
        self._stack.setCurrentIndex(list(self._pages).index(step))
        at = self._steps.index(step)
        self.count.setText(self.tr("Passo {number} de {count}").format(number=at + 1, count=len(self._steps)))
        self.back.setVisible(at > 0)
        self.steps.show_current(step)
        self.page.is_open = True
        self._show_action()
        self.page.enter()
        self._focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button, else the filled one; Esc leaves the step for later."""
        key, focused = event.key(), self.focusWidget()
        if event.isAutoRepeat():
            return
        if key == Qt.Key.Key_Escape:
            self.later.click()
        elif key not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif isinstance(focused, QPushButton):
            focused.click()
        elif not self.page.takes_enter() and self.primary.isVisible():
            self.primary.click()

    def _act(self) -> None:
        if not self._ending and self.page.can_act:
            self.page.act()

    def _go_back(self) -> None:
        if self.step and not self._ending:
            self.open_step(self._steps[max(self._steps.index(self.step) - 1, 0)])

    def _end(self, step: SetupStep | None, *, done: bool) -> None:
        """Store the end of the current step, then open the next.

        A second press meanwhile does nothing, nor does a page that was left: the pairing's closes by itself.
        """
        if step and step is self.step and not self._ending:
            self._ending = True
            self._context.runner.start(self._store_end(step, done=done))

    async def _store_end(self, step: SetupStep, *, done: bool) -> None:
        """Store the end and open the next page.

        A full disk must not lock the shop out of its orders: the step opens again at the next start.
        """
        refusal = None
        try:
            await (self._first_run.finish(step) if done else self._first_run.skip(step))
        except CocoLokoError as error:
            refusal = error
        finally:
            self._ending = False
        self._open_after(step)
        if refusal:
            raise refusal

    def _open_after(self, step: SetupStep) -> None:
        """Open the next step that is left, or end the wizard."""
        following = self._steps[self._steps.index(step) + 1 :]
        after = next((each for each in following if each in self._first_run.left), None)
        if after:
            self.open_step(after)
        else:
            self._close_page()
            self.left.emit()

    def _close_page(self) -> None:
        if self.step:
            self.page.is_open = False
            self.page.leave()

    def _new_page(self, step: SetupStep) -> StepPage:
        page = page_of(step, self._context)
        page.finished.connect(lambda: self._end(step, done=True))
        page.skipped.connect(lambda: self._end(step, done=False))
        page.number_wanted.connect(lambda: self.open_step(SetupStep.CONNECT))
        page.action_changed.connect(self._show_action)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self._stack.addWidget(area)
        return page

    def _show_action(self) -> None:
        page = self.page
        self._order_tabs()
        if self.focusWidget() is self.primary and not (page.action and page.can_act):
            # Qt would give it to the next widget, which may be the connection's button.
            page.setFocus()
        self.primary.setVisible(bool(page.action))
        self.primary.setText(button_text(page.action))
        self.primary.setEnabled(page.can_act)
        if self.focusWidget() is page and page.action and page.can_act:
            self.primary.setFocus()

    def _order_tabs(self) -> None:
        """Put the buttons behind the page's parts, some of which are made when they are first shown."""
        page: QWidget = self.page
        last, each = page, page.nextInFocusChain()
        while each and each is not page:
            if page.isAncestorOf(each) and each.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                last = each
            each = each.nextInFocusChain()
        for before, after in pairwise((last, self.back, self.later, self.primary)):
            QWidget.setTabOrder(before, after)

    def _focus(self) -> None:
        """Focus the filled button, unless the page has chosen a part of its own."""
        chosen, ready = self.focusWidget(), self.primary.isVisibleTo(self) and self.primary.isEnabled()
        if not self.page.isAncestorOf(chosen) or not chosen.isVisibleTo(self):
            (self.primary if ready else self.page).setFocus()

    def _build_layout(self) -> None:
        buttons, right, layout = QHBoxLayout(), QVBoxLayout(), QHBoxLayout(self)
        buttons.setSpacing(8)
        buttons.setContentsMargins(0, 0, _SCROLL_BAR, 0)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        buttons.addWidget(self.later)
        buttons.addWidget(self.primary)
        right.setSpacing(8)
        right.addWidget(self.count)
        right.addWidget(self._stack, 1)
        right.addLayout(buttons)
        column = QWidget()
        column.setLayout(right)
        column.setMaximumWidth(_WIDEST)
        right.setContentsMargins(0, 0, 0, 0)
        self.steps.setFixedWidth(216)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(32)
        layout.addWidget(self.steps)
        layout.addWidget(column, 1)
        layout.addStretch(0)
