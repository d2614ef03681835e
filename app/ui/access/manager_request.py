"""Request for the manager before a protected act."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.audit import Actor
from app.domain.identifiers import SessionId
from app.ui.access.pin_dialog import PinDialog
from app.ui.page_context import PageContext


def as_manager(context: PageContext, parent: QWidget, act: Callable[[], object]) -> None:
    """Call `act` at once where the gate is open, else once the PIN has opened it."""
    if context.core.access.gate.actor is not Actor.CASHIER:
        act()
        return
    PinDialog(context, act, parent).open()


def before_pairing(
    context: PageContext, parent: QWidget, session_id: SessionId, act: Callable[[], object]
) -> None:
    """Call `act`, which pairs this session; after the PIN where the number that is linked again is not known."""
    if context.core.sessions[session_id].relink.needs_manager:
        as_manager(context, parent, act)
    else:
        act()
