"""Instructions for the person with the shop's phone: three steps with pictures."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.icons import pixmap
from app.ui.palette import Tone
from app.ui.shown_text import MarkupLabel, PlainLabel
from app.ui.theme import Theme

_TILE = 48
_PICTURES = ("smartphone", "monitor-smartphone", "scan-qr-code")


class PairingSteps(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures = [PlainLabel() for _ in _PICTURES]
        self._labels = [MarkupLabel() for _ in _PICTURES]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(16)
        layout.setVerticalSpacing(16)
        layout.setColumnStretch(1, 1)
        for row, (picture, label) in enumerate(zip(self._pictures, self._labels, strict=True)):
            picture.setFixedSize(_TILE, _TILE)
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(picture, row, 0, Qt.AlignmentFlag.AlignTop)
            layout.addWidget(label, row, 1, Qt.AlignmentFlag.AlignVCenter)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.explain(typing=False)

    def explain(self, *, typing: bool) -> None:
        """Show the steps for scanning the code, or for typing it."""
        for number, (label, words) in enumerate(
            zip(self._labels, self._words(typing=typing), strict=True), 1
        ):
            label.setText(f"<b>{number}.</b>&nbsp; {words}")

    def _words(self, *, typing: bool) -> tuple[str, str, str]:
        return (
            self.tr("Abra o <b>WhatsApp</b> no celular da loja."),
            self.tr(
                "Toque em <b>⋮</b> (Android) ou <b>Configurações</b> (iPhone) e depois em "
                "<b>Dispositivos conectados</b> › <b>Conectar dispositivo</b>."
            ),
            self.tr("Toque em <b>Conectar com número de telefone</b> e digite o código desta tela.")
            if typing
            else self.tr("Aponte a câmera do celular para o código desta tela."),
        )

    def _apply_theme(self) -> None:
        tone_colours = self._theme.colours_of(Tone.GOING)
        for label, name in zip(self._pictures, _PICTURES, strict=True):
            label.setPixmap(pixmap(name, tone_colours.foreground, 26, self.devicePixelRatioF()))
            label.setStyleSheet(f"background: {tone_colours.background}; border-radius: 8px;")
