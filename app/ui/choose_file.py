"""File dialog for choosing a backup of the database."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def open_backup_dialog(parent: QWidget, chosen: Callable[[Path], None]) -> QFileDialog:
    """Open the dialog without blocking; `chosen` gets the file, of any name: copies are named by people."""
    label, tr = QFileDialog.DialogLabel, QCoreApplication.translate
    dialog = QFileDialog(parent, tr("choose_file", "Escolher a cópia de segurança"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    # Systems without a native dialog get Qt's, which is not wholly in Portuguese.
    for part, words in (
        (label.LookIn, tr("choose_file", "Pasta:")),
        (label.FileName, tr("choose_file", "Nome:")),
        (label.FileType, tr("choose_file", "Tipo:")),
        (label.Accept, tr("choose_file", "Restaurar")),
        (label.Reject, tr("choose_file", "Cancelar")),
    ):
        dialog.setLabelText(part, words)
    dialog.fileSelected.connect(lambda file: chosen(Path(file)))
    dialog.open()
    return dialog
