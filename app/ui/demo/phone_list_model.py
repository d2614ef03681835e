"""List model of the simulated phones: name, last message, unread count."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from app.ports.training import SimulatedPhone
from app.ui.language import hour
from app.ui.message_text import message_line

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PhoneRow:
    """Row of the list."""

    phone: SimulatedPhone
    unread: int

    @property
    def last(self) -> str:
        """Return the last message on one line."""
        if not self.phone.chat:
            return QCoreApplication.translate("PhoneRow", "Nenhuma mensagem ainda")
        newest = self.phone.chat[-1]
        text = message_line(newest.text)
        return (
            text
            if newest.from_shop
            else QCoreApplication.translate("PhoneRow", "Você: {text}").format(text=text)
        )

    @property
    def time(self) -> str:
        return hour(self.phone.chat[-1].at) if self.phone.chat else ""


class PhoneListModel(QAbstractListModel):
    """List model; rows change and are added, never removed."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PhoneRow] = []
        self._read: dict[str, int] = {}

    def show(self, phones: Sequence[SimulatedPhone]) -> None:
        rows = [PhoneRow(phone, self._unread(phone)) for phone in phones]
        if rows == self._rows:
            return
        if added := len(rows) - len(self._rows):
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + added - 1)
            self._rows = rows
            self.endInsertRows()
        self._rows = rows
        self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def row(self, at: int) -> PhoneRow:
        return self._rows[at]

    def phone(self, number: str) -> SimulatedPhone | None:
        return next((row.phone for row in self._rows if row.phone.number == number), None)

    def mark_read(self, number: str) -> None:
        """Mark the chat of this phone as read."""
        if phone := self.phone(number):
            self._read[number] = _from_shop(phone)
            self.show([row.phone for row in self._rows])

    @property
    def unread(self) -> int:
        """Return the number of phones with unread messages."""
        return sum(row.unread > 0 for row in self._rows)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.phone.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            unread = self.tr("{count} não lidas").format(count=row.unread) if row.unread else ""
            return ", ".join(part for part in (row.phone.name, unread, row.last) if part)
        return None

    def _unread(self, phone: SimulatedPhone) -> int:
        return _from_shop(phone) - self._read.get(phone.number, 0)


def _from_shop(phone: SimulatedPhone) -> int:
    return sum(message.from_shop for message in phone.chat)
