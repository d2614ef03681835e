"""Pairing page: QR code or typed code, instructions and progress."""

import asyncio
from datetime import timedelta
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.errors import PairingCodeRefusedError
from app.domain.identifiers import SessionId
from app.domain.phone import Phone
from app.domain.session import ConnectionStatus
from app.ui.access.manager_request import before_pairing
from app.ui.icons import pixmap
from app.ui.page_context import PageContext
from app.ui.settings.code_request import CodeRequest
from app.ui.settings.countdown_ring import CountdownRing
from app.ui.settings.pairing_progress import PairingProgress
from app.ui.settings.pairing_steps import PairingSteps
from app.ui.settings.pairing_view_model import PairingViewModel, pairing_view_model
from app.ui.settings.qr_picture import SIDE, QrPicture
from app.ui.shown_text import PlainLabel

_SHOWN_WHEN_READY: Final = timedelta(seconds=5)


class PairingPage(QFrame):
    """Page of one number's pairing; `left` is emitted when the person goes back, or a while after its success.

    `done_action` replaces the words of the button after it.
    """

    left = Signal()

    def __init__(
        self,
        context: PageContext,
        session_id: SessionId,
        parent: QWidget | None = None,
        *,
        done_action: str = "",
    ) -> None:
        super().__init__(parent)
        self._context, self._session_id, self._done_action = context, session_id, done_action
        self._connection = context.core.sessions[session_id]
        self._renewed = False
        self._beginning: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("role", "card")
        self.title, self.words = PlainLabel(), PlainLabel()
        self.title.setProperty("role", "title")
        self.words.setWordWrap(True)
        self.words.setProperty("role", "muted")
        self.qr, self.ring = QrPicture(), CountdownRing(context.theme, context.core.clock)
        self._picture, self.code, self._place = PlainLabel(), PlainLabel(), QStackedWidget()
        self.progress, self.steps = PairingProgress(context.theme), PairingSteps(context.theme)
        self.request = CodeRequest(context)
        self.request.phone_entered.connect(self._begin_by_code)
        self.button, self.back = QPushButton(), QPushButton(self.tr("Cancelar"))
        self.scan_instead = QPushButton(self.tr("Usar o QR em vez do código"))
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self._press)
        self.back.clicked.connect(self.left)
        self.scan_instead.clicked.connect(lambda: before_pairing(context, self, session_id, self.begin))
        self.left.connect(self._stay)
        self._build_layout()
        context.bridge.connection_changed.connect(self._refresh)
        context.bridge.problem_reported.connect(self._show_problem)
        context.theme.changed.connect(self._refresh)
        self._refresh()

    def begin(self) -> None:
        """Request a new QR code; no-op while one is requested already, as by a second press."""
        if self._beginning is None or self._beginning.done():
            self._renewed = False
            self._beginning = self._context.runner.start(self._connection.pair())

    def _begin_by_code(self, phone: Phone) -> None:
        """Request a code to type; a refusal is shown by the page itself."""
        before_pairing(self._context, self, self._session_id, lambda: self._pair_by_code(phone))

    def _pair_by_code(self, phone: Phone) -> None:
        self._renewed = False
        self._context.runner.start(
            self._connection.pair_by_code(phone),
            lambda error: isinstance(error, PairingCodeRefusedError),
        )

    def show_status(self, status: ConnectionStatus) -> None:
        self._view_model = pairing_view_model(status, self._context.sentences, renewed=self._renewed)
        self._show_view_model(self._view_model)
        shown = None if self._view_model.picture else status.pairing_code or status.qr_code
        if shown:
            self.ring.count_down(shown.until)
        else:
            self.ring.stop()
        if status.qr_code:
            self.qr.show_code(status.qr_code.text)
        self.ring.setVisible(not self._view_model.picture)
        if self._view_model.done and not self.isHidden():
            self._leaving = self._leaving or self._context.runner.start(self._leave_later())
        else:
            self._stay()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    async def _leave_later(self) -> None:
        await self._context.core.clock.sleep(_SHOWN_WHEN_READY)
        self._leaving = None
        self.left.emit()

    def _stay(self) -> None:
        """Cancel the page's own leaving, which must not end a pairing that is begun meanwhile."""
        if self._leaving:
            self._leaving.cancel()
        self._leaving = None

    def _show_view_model(self, view_model: PairingViewModel) -> None:
        self.title.setText(view_model.title)
        self.words.setText(view_model.words)
        self.progress.reach(view_model.stage)
        self.button.setText((view_model.done and self._done_action) or view_model.button)
        self.button.setVisible(bool(view_model.button))
        self.back.setVisible(not view_model.done)
        self.steps.setVisible(not view_model.picture)
        self.steps.explain(typing=bool(view_model.code))
        self.request.setVisible(view_model.offers_typing)
        self.scan_instead.setVisible(bool(view_model.code))
        self.setAccessibleName(f"{view_model.title} {view_model.words}")
        self.code.setText(" – ".join((view_model.code[:4], view_model.code[4:])))
        self.code.setAccessibleName(
            self.tr("Código para digitar: {code}").format(code=" ".join(view_model.code))
        )
        self._place.setCurrentWidget(
            self.code if view_model.code else self._picture if view_model.picture else self.qr
        )
        if view_model.picture:
            tone_colours = self._context.theme.colours_of(view_model.tone)
            self._picture.setPixmap(
                pixmap(view_model.picture, tone_colours.foreground, 96, self.devicePixelRatioF())
            )
            self._picture.setStyleSheet(f"background: {tone_colours.background}; border-radius: 8px;")
        if view_model.button and self.isVisible():
            self.button.setFocus()

    def _show_problem(self, code: str) -> None:
        if code == "pairing_registration_refresh":
            self._renewed = True
            self._refresh()

    def _refresh(self) -> None:
        self.show_status(self._connection.get_connection_status())

    def _press(self) -> None:
        if self._view_model.done:
            self.left.emit()
        else:
            before_pairing(self._context, self, self._session_id, self.begin)

    def _build_layout(self) -> None:
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._place.setFixedSize(SIDE, SIDE)
        self._place.addWidget(self.qr)
        self._place.addWidget(self._picture)
        self._place.addWidget(self.code)
        # "Cancelar" below the steps does not move when they appear.
        kept = self.steps.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.steps.setSizePolicy(kept)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setProperty("role", "code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QGridLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setHorizontalSpacing(32)
        layout.setVerticalSpacing(16)
        layout.addWidget(self._place, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(self._heading(), 0, 1)
        layout.addWidget(self.steps, 1, 1)
        layout.addLayout(self._buttons(), 2, 1, Qt.AlignmentFlag.AlignBottom)
        layout.addWidget(self._rule(), 3, 0, 1, 2)
        layout.addWidget(self.progress, 4, 0, 1, 2)
        layout.addWidget(self.request, 5, 0, 1, 2)
        layout.setColumnStretch(1, 1)
        layout.setRowStretch(1, 1)

    def _heading(self) -> QHBoxLayout:
        texts, heading = QVBoxLayout(), QHBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.title)
        texts.addWidget(self.words)
        heading.addLayout(texts, 1)
        heading.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        return heading

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.button)
        buttons.addWidget(self.scan_instead)
        buttons.addWidget(self.back)
        buttons.addStretch(1)
        return buttons

    def _rule(self) -> QFrame:
        rule = QFrame()
        rule.setProperty("role", "rule")
        return rule
