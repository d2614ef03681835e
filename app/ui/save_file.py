"""File dialog for saving a poster or a till receipt's QR code."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

_KINDS = {"PDF (*.pdf)": "pdf", "PNG (*.png)": "png"}


def _labels() -> dict[QFileDialog.DialogLabel, str]:
    label, tr = QFileDialog.DialogLabel, QCoreApplication.translate
    return {
        label.LookIn: tr("save_file", "Pasta:"),
        label.FileName: tr("save_file", "Nome:"),
        label.FileType: tr("save_file", "Tipo:"),
        label.Accept: tr("save_file", "Salvar"),
        label.Reject: tr("save_file", "Cancelar"),
    }


def open_save_dialog(parent: QWidget, name: str, chosen: Callable[[Path], None]) -> QFileDialog:
    """Open the dialog without blocking; `chosen` gets the file. The system asks before it overwrites another."""
    title = QCoreApplication.translate("save_file", "Salvar QR")
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(_KINDS))
    dialog.setDefaultSuffix("pdf")
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix(_KINDS.get(kind, "pdf")))
    # Systems without a native dialog get Qt's, which is not wholly in Portuguese.
    for label, words in _labels().items():
        dialog.setLabelText(label, words)
    dialog.selectFile(name)
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.open()
    return dialog
