"""What every page of the window is given."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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

    def of_further_numbers(self) -> "Iterator[PageContext]":
        """The same for each number beside the default one, with that number's connection in the default's place."""
        for connection in self.core.sessions:
            if connection is not self.core.connection:
                core = replace(self.core, connection=connection)
                yield replace(self, core=core, bridge=EventBridge(core, self.bridge))
