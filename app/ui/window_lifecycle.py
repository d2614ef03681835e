"""Lifecycle of the window: opening, open, reopened, closed."""

import asyncio
import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager, suppress
from pathlib import Path

from PySide6.QtCore import Qt

from app.domain.errors import CocoLokoError
from app.domain.identifiers import SessionId
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.event_bridge import EventBridge
from app.ui.machine import Machine
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.preferences import Preferences
from app.ui.stop_cure import StopActs
from app.ui.stop_page import StopPage
from app.ui.task_runner import TaskRunner
from app.ui.tray import Tray

_log = logging.getLogger(__name__)

MakeCore = Callable[[], AbstractAsyncContextManager[Core]]
WindowExtension = Callable[[MainWindow, PageContext], None]


class WindowLifecycle:
    """Lifecycle of the window: opening, open, closed; a reopening replaces it by a new one."""

    def __init__(
        self,
        window: MainWindow,
        sentences: MessageCatalog,
        shop_name: str,
        extensions: Sequence[WindowExtension],
        *,
        training: bool,
        acts: StopActs | None = None,
        machine: Machine | None = None,
    ) -> None:
        self.window, self._sentences, self._shop_name = window, sentences, shop_name
        self._extensions, self._training, self._acts = extensions, training, acts
        self.closing, self._machine = asyncio.Event(), machine or Machine()
        self.chosen_copy: Path | None = None
        """Backup of another PC, to be imported once the shop is closed."""
        self._remembers = machine is not None
        self.preferences = Preferences(self._machine.preferences)
        self._reopening = False
        self._shown_number: SessionId | None = None
        self._apply_preferences()
        self.preferences.changed.connect(self._apply_preferences)
        self._tray = Tray(shop_name, window) if Tray.available() else None

    async def run(self, make_core: MakeCore) -> int:
        """Run until the window is closed; messages in flight are answered before this returns."""
        asyncio.get_running_loop().set_exception_handler(_log_loop_error)
        self._connect_close_requests()
        self._connect_window()
        self._show_window()
        try:
            while (code := await self._run_once(make_core)) is None:
                _log.info("opening_again")
            return code
        finally:
            self._remember_place()
            self.window.hide()
            if self._tray:
                self._tray.hide()
            self.window.deleteLater()

    def show_refusal(self, error: CocoLokoError) -> None:
        self.window.show_problem(self._sentences.of_error(error))

    async def import_chosen(self) -> CocoLokoError | None:
        """Import the chosen backup into the closed shop; return the reason of a refusal, for the next window."""
        assert self._acts  # noqa: S101 - a backup is chosen with them alone
        assert self.chosen_copy  # noqa: S101 - see above
        try:
            await self._acts.import_copy(self.chosen_copy)
        except CocoLokoError as error:
            return error
        except Exception as error:  # noqa: BLE001 - the empty shop opens again, and shows that it failed
            _log.error("import_failed", extra={"error_type": type(error).__name__})
            return CocoLokoError()
        return None

    def _choose_copy(self, backup: Path) -> None:
        self.chosen_copy = backup
        self.closing.set()

    async def _run_once(self, make_core: MakeCore) -> int | None:
        """Run until the end; None where the core is to be opened again: it was asked for, or a refusal was cured."""
        opened = self.window
        try:
            async with AsyncExitStack() as parts:
                parts.callback(self._delete_replaced, opened)
                core = await _enter_core(make_core, parts)
                runner = TaskRunner(self._sentences, self.window)
                with self._with_pages(core, runner):
                    await self.closing.wait()
                reopens = self._replace_window()
                opened.hide()
                await runner.stop()
        except CocoLokoError as error:
            return None if await self._is_cured(error) else 2
        # A window that was closed meanwhile ends the program.
        return None if reopens and not self.closing.is_set() else 0

    @contextmanager
    def _with_pages(self, core: Core, runner: TaskRunner) -> Iterator[None]:
        bridge = EventBridge(core, self.window)
        bridge.settings_changed.connect(lambda _: self._show_shop_name(core))
        self._show_shop_name(core)
        context = PageContext(
            *(core, bridge, runner, self._sentences, self.window.theme, self._shop_name, self._training),
            import_copy=self._choose_copy if self._acts else None,
            preferences=self.preferences,
            sounds=self._machine.sounds,
            autostart=self._machine.autostart,
            reopen=self.reopen,
            shown_number=self._shown_number,
        )
        for extend in self._extensions:
            extend(self.window, context)
        try:
            yield
        finally:
            bridge.close()

    def _show_shop_name(self, core: Core) -> None:
        """Show the name in force, which a person may have chosen on screen."""
        self._shop_name = str(core.settings.status("SHOP_NAME").value)
        self.window.show_shop_name(self._shop_name)
        if self._tray:
            self._tray.show_name(self._shop_name)

    def _connect_close_requests(self) -> None:
        if self._tray:
            self._tray.opened.connect(self.bring_to_front)
            self._tray.left.connect(self.closing.set)
            self._tray.show()
        with suppress(NotImplementedError):
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.closing.set)

    def _connect_window(self) -> None:
        if self._tray:
            self._tray.setParent(self.window)
            self.window.counts_shown.connect(self._tray.show_counts)
            self.window.toast_requested.connect(self._tray.show_toast)
        self.window.leaving.connect(self._window_closed)

    def _show_window(self) -> None:
        if self._remembers:
            self.window.show_at_place(self.preferences.value.place)
        else:
            self.window.show()

    def reopen(self, shown_number: SessionId | None = None) -> None:
        """Close the core in order and open it anew, with the section of this number on show if one is given."""
        if not self.closing.is_set():
            self._reopening, self._shown_number = True, shown_number
            self.closing.set()

    def _replace_window(self) -> bool:
        """Show a new window, still without pages, where a reopening was asked for; return whether it was."""
        reopens, self._reopening = self._reopening, False
        if reopens:
            self.closing.clear()
            self._remember_place()
            self.window = self.window.renewed()
            self._connect_window()
            self._show_window()
        return reopens

    def _delete_replaced(self, opened: MainWindow) -> None:
        if opened is not self.window:
            opened.deleteLater()

    def _apply_preferences(self) -> None:
        self.window.theme.choose(self.preferences.value.theme)
        self.window.theme.choose_letters(self.preferences.value.letters)

    def _remember_place(self) -> None:
        if self._remembers:
            self.preferences.change(place=self.window.place())

    def _window_closed(self) -> None:
        self._remember_place()
        if self._tray and not self.closing.is_set():
            self._tray.show_still_running()
        else:
            self.closing.set()

    def bring_to_front(self) -> None:
        """Raise the window to the front, even if minimized or hidden."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    async def _is_cured(self, error: CocoLokoError) -> bool:
        """Show why the core does not open until the window is closed, or the cure has worked."""
        self.closing.clear()
        tray, self._tray = self._tray, None
        stop = StopPage(self.window, self._sentences, error, self._acts)
        stop.cured.connect(self.closing.set)
        self.window.show()
        await self.closing.wait()
        if not stop.is_cured:
            self.window.hide()
        await stop.finish()
        if stop.is_cured:
            self.closing.clear()
            self._tray = tray
            stop.remove()
        return stop.is_cured


async def _enter_core(make_core: MakeCore, parts: AsyncExitStack) -> Core:
    """Enter the core; raises a CocoLokoError, for the window to show, in place of other exceptions."""
    try:
        return await parts.enter_async_context(make_core())
    except CocoLokoError:
        raise
    except Exception as error:
        _log.exception("start_failed")
        raise CocoLokoError from error


def _log_loop_error(_: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    error = context.get("exception")
    _log.error("loop_error", extra={"said": context.get("message"), "error_type": type(error).__name__})
