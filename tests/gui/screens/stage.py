"""Stage of a scene: shop in memory and window."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from app.domain.session import QrCode
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from tests.harness.shop import MAIN, Shop
from tests.simulators.moved_clock import let_tasks_run

_TURNS = 40
W = TypeVar("W", bound=QWidget)

# As long as WhatsApp's own codes.
QR_TEXT = "2@" + "Zk8uP3xQ0aVb6Lr1" * 6 + "," + "m4Tn9s7W" * 5 + "," + "C2hY5dJe" * 5 + "," + "oX1gKf3i" * 5


@dataclass(frozen=True)
class Stage:
    shop: Shop
    window: MainWindow
    context: PageContext

    def find(self, kind: type[W]) -> W:
        """Return the only widget of this type in the window."""
        found = self.window.findChildren(kind)
        assert len(found) == 1, (kind, len(found))
        return found[0]

    def open_tab(self, title: str) -> None:
        tabs = self.window.tabs
        tabs.setCurrentIndex(next(at for at in range(tabs.count()) if tabs.tabText(at) == title))

    async def settle(self) -> None:
        """Run until pending work is done and shown; each pass lets Qt handle its events too."""
        for _ in range(_TURNS):
            await let_tasks_run()
            self.context.bridge.flush()

    async def offer_qr(self, seconds: float) -> None:
        until = self.shop.clock.now() + timedelta(seconds=seconds)
        await self.shop.messenger.listener.qr_shown(MAIN, QrCode(QR_TEXT, until))
        await self.settle()
