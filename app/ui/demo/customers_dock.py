"""Dock of the simulated customers' phones: list and open chat."""

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QDockWidget, QFrame, QLabel, QListView, QStackedWidget, QVBoxLayout, QWidget

from app.ports.training import TrainingWorld
from app.ui.coalesced_refresh import CoalescedRefresh
from app.ui.demo.chat_page import ChatPage
from app.ui.demo.phone_delegate import PhoneDelegate
from app.ui.demo.phone_list_model import PhoneListModel
from app.ui.demo.tempo_slider import TempoSlider
from app.ui.page_context import PageContext
from app.ui.shown_text import PlainLabel


class CustomersDock(QDockWidget):
    """Dock, refreshed after each change of a message."""

    def __init__(self, context: PageContext, world: TrainingWorld, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._world = context, world
        self._refresh = CoalescedRefresh(context.runner, self._query_phones)
        self.setObjectName("customers")
        self.setWindowTitle(self.tr("Celulares dos clientes"))
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.setTitleBarWidget(self._title())
        self.phones, self.chat = PhoneListModel(self), ChatPage(context.theme)
        self.view, self._stack = self._list_view(), QStackedWidget()
        self._stack.addWidget(self._list_page(TempoSlider(world)))
        self._stack.addWidget(self.chat)
        frame = QFrame()
        frame.setObjectName("dock")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.setWidget(frame)
        self.setMinimumWidth(320)
        self.view.activated.connect(self._open)
        self.view.clicked.connect(self._open)
        self.chat.left.connect(self._close)
        self.chat.answered.connect(self._answer)
        context.bridge.queue_changed.connect(self._refresh.request)
        self._refresh.request()

    async def _query_phones(self) -> None:
        self.phones.show(await self._world.phones())
        if (number := self.chat.number) and self._stack.currentWidget() is self.chat:
            self._show_chat(number)

    def open_phone(self, number: str) -> None:
        self._show_chat(number)
        self._stack.setCurrentWidget(self.chat)
        self.chat.reply.setFocus()

    def _open(self, index: QModelIndex) -> None:
        self.open_phone(self.phones.row(index.row()).phone.number)

    def _show_chat(self, number: str) -> None:
        if phone := self.phones.phone(number):
            self.chat.show_phone(phone)
            self.phones.mark_read(number)

    def _close(self) -> None:
        self._stack.setCurrentIndex(0)
        self.view.setFocus()

    def _answer(self, text: str) -> None:
        self._context.runner.start(self._write(self.chat.number, text))

    async def _write(self, number: str, text: str) -> None:
        await self._world.write_to_shop(number, text)
        self._refresh.request()

    def _list_view(self) -> QListView:
        view = QListView()
        view.setModel(self.phones)
        view.setItemDelegate(PhoneDelegate(self._context.theme, self.phones))
        view.setUniformItemSizes(True)
        view.setMouseTracking(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setAccessibleName(self.windowTitle())
        self._context.theme.changed.connect(view.viewport().update)
        return view

    def _list_page(self, tempo: TempoSlider) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.view, 1)
        layout.addWidget(tempo)
        return page

    def _title(self) -> QLabel:
        title = PlainLabel(self.windowTitle())
        title.setObjectName("dock-title")
        title.setFixedHeight(56)
        return title
