"""Dependencies of the window's pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.domain.identifiers import SessionId
from app.ports.autostart import Autostart
from app.ports.sounds import Silence, Sounds
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.event_bridge import EventBridge
from app.ui.open_link import open_link
from app.ui.preferences import Preferences
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme


def _stay_open(_: SessionId | None) -> None: ...


@dataclass(frozen=True, slots=True)
class PageContext:
    """Core and shared parts of the window; in `training` no message reaches a real customer."""

    core: Core
    bridge: EventBridge
    runner: TaskRunner
    sentences: MessageCatalog
    theme: Theme
    shop_name: str
    training: bool = False
    open_link: Callable[[str], bool] = open_link
    """Opens a link in the system's program for it; False if there is none. A test records the link instead."""
    import_copy: Callable[[Path], None] | None = None
    """Closes the shop, and opens it from another PC's backup; None where the program has no data folder of its own."""
    preferences: Preferences = field(default_factory=Preferences)
    sounds: Sounds = field(default_factory=Silence)
    autostart: Autostart | None = None
    reopen: Callable[[SessionId | None], None] = _stay_open
    """Closes the core in order and opens it anew, with the section of this number on show if one is given."""
    shown_number: SessionId | None = None
    """Number whose section a reopened window shows first."""
