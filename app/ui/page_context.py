"""What every page of the window is given."""

from dataclasses import dataclass

from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from app.ui.event_bridge import EventBridge
from app.ui.task_runner import TaskRunner
from app.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class PageContext:
    """`training` says that nothing here reaches a real customer."""

    core: Core
    bridge: EventBridge
    runner: TaskRunner
    sentences: MessageCatalog
    theme: Theme
    shop_name: str
    training: bool = False
