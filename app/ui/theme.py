"""Theme of the application: fonts, palette and stylesheet, following the system's colour scheme or a choice."""

from string import Template
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app import paths
from app.ports.window_preferences import LetterSize, ThemeChoice
from app.ui.icons import icon
from app.ui.palette import DARK, LIGHT, Palette, Tone, ToneColours

FAMILY = "Inter"
BASE_PIXELS = 14


_SCALES: Final = {LetterSize.NORMAL: 1.0, LetterSize.LARGE: 1.2, LetterSize.FAR: 1.5}


class Theme(QObject):
    """Current palette and letter size of the application; `changed` is emitted after a switch."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.palette = LIGHT
        self._choice = ThemeChoice.SYSTEM
        self.letter_scale = 1.0
        """Scale of the order list."""
        _load_fonts()
        app.setStyle("Fusion")
        app.setFont(app_font(BASE_PIXELS))
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self._follow(app.styleHints().colorScheme())

    def choose(self, choice: ThemeChoice) -> None:
        """Follow the system's colour scheme, or keep one of the two."""
        if choice is self._choice:
            return
        self._choice = choice
        self._follow(self._app.styleHints().colorScheme())

    def choose_letters(self, size: LetterSize) -> None:
        if self.letter_scale != _SCALES[size]:
            self.letter_scale = _SCALES[size]
            self.changed.emit()

    def apply_palette(self, palette: Palette) -> None:
        """Set the palette and stylesheet of the application."""
        self.palette = palette
        self._app.setPalette(_qt_palette(palette))
        style = (paths.resources() / "style.qss").read_text("utf-8")
        images = {
            "icons": (paths.resources() / "icons").as_posix(),
            "shade": "dark" if palette is DARK else "light",
        }
        self._app.setStyleSheet(Template(style).substitute(palette.names() | images))
        self.changed.emit()

    def colours_of(self, tone: Tone) -> ToneColours:
        return self.palette.tones[tone]

    def icon(self, name: str, colour: str | None = None) -> QIcon:
        """Return the icon, by default in the colour of text."""
        return icon(name, colour or self.palette.text, self.palette.muted)

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        of_system = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
        palettes = {ThemeChoice.SYSTEM: of_system, ThemeChoice.LIGHT: LIGHT, ThemeChoice.DARK: DARK}
        self.apply_palette(palettes[self._choice])


def set_style(widget: QWidget, style: str) -> None:
    """Set the widget's stylesheet if it differs: Qt polishes a widget anew with every setting."""
    if widget.styleSheet() != style:
        widget.setStyleSheet(style)


def app_font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the bundled font in this size."""
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setWeight(weight)
    return font


def _load_fonts() -> None:
    if FAMILY not in QFontDatabase.families():
        for file in sorted((paths.resources() / "fonts").glob("*.otf")):
            QFontDatabase.addApplicationFont(str(file))


def _qt_palette(palette: Palette) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: palette.window,
        QPalette.ColorRole.WindowText: palette.text,
        QPalette.ColorRole.Base: palette.card,
        QPalette.ColorRole.AlternateBase: palette.raised,
        QPalette.ColorRole.Text: palette.text,
        QPalette.ColorRole.PlaceholderText: palette.muted,
        QPalette.ColorRole.Button: palette.raised,
        QPalette.ColorRole.ButtonText: palette.text,
        QPalette.ColorRole.ToolTipBase: palette.text,
        QPalette.ColorRole.ToolTipText: palette.card,
        QPalette.ColorRole.Highlight: palette.accent,
        QPalette.ColorRole.HighlightedText: palette.on_accent,
        QPalette.ColorRole.Link: palette.accent,
    }
    made = QPalette()
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    muted = QColor(palette.muted)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, muted)
    return made
