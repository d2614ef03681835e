"""Progress of a pairing, as a row of stages."""

from enum import IntEnum

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.ui.stage_row import StageRow
from app.ui.theme import Theme


class Stage(IntEnum):
    """Stages of a pairing, in order."""

    WAITING = 0
    SCANNED = 1
    CONNECTING = 2
    READY = 3


class PairingProgress(StageRow):
    """Row of the pairing's stages, with its present one as accessible name."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        names = _tr("Esperando o celular"), _tr("Lido"), _tr("Conectando"), _tr("Pronto")
        super().__init__(theme, names, parent)
        self.reach(Stage.WAITING)

    @property
    def stage(self) -> Stage:
        return Stage(self.reached)

    def reach(self, at: int) -> None:
        super().reach(at)
        self.setAccessibleName(_tr("Andamento: {stage}").format(stage=self.names[at]))


def _tr(text: str) -> str:
    return QCoreApplication.translate("PairingProgress", text)
