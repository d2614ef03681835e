"""Opening of the first run in the window: by itself in a new shop, else from the settings."""

from PySide6.QtWidgets import QWidget

from app.domain.first_run import SETUP_STEPS, SetupStep
from app.ui.main_window import MainWindow
from app.ui.page_context import PageContext
from app.ui.settings.sections import Section


def add_first_run(window: MainWindow, context: PageContext) -> None:
    """Open the wizard where it is due; a training begins with its rush."""
    due = context.core.setup.first_run.due_step
    if due and not context.training:
        _open(window, context, SETUP_STEPS, due)


def opens_connect_step(window: MainWindow) -> bool:
    """Return whether the wizard is open, and let it show the step that connects a number."""
    if window.alone is None:
        return False
    from app.ui.first_run.first_run_page import FirstRunPage  # noqa: PLC0415 - loaded already if it is open

    if isinstance(window.alone, FirstRunPage):
        window.alone.open_step(SetupStep.CONNECT)
    return True


def setup_section(title: str, window: MainWindow) -> Section:
    """Return the section of Ajustes with the steps, from which the wizard is resumed."""

    def build(context: PageContext) -> QWidget:
        from app.ui.first_run.setup_section import SetupSection  # noqa: PLC0415 - no start shows it

        section = SetupSection(context, title)
        section.resume_requested.connect(lambda: _resume(window, context))
        return section

    return Section(title, "sparkles", build)


def _resume(window: MainWindow, context: PageContext) -> None:
    """Open the wizard with the steps that are left."""
    if left := context.core.setup.first_run.left:
        steps = tuple(step for step in SETUP_STEPS if step in {SetupStep.CONNECT, *left})
        _open(window, context, steps, left[0])


def _open(window: MainWindow, context: PageContext, steps: tuple[SetupStep, ...], first: SetupStep) -> None:
    from app.ui.first_run.first_run_page import FirstRunPage  # noqa: PLC0415 - a shop needs it once

    page = FirstRunPage(context, steps)
    page.left.connect(lambda: window.end_alone(page))
    window.show_alone(page)
    page.open_step(first)
