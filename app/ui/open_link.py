"""Opening of links in the system's program for them: the only place that leaves the window for a browser."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_link(link: str) -> bool:
    """Open the link; return whether the system took it."""
    return QDesktopServices.openUrl(QUrl(link, QUrl.ParsingMode.StrictMode))
