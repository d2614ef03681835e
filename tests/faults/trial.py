"""One fault and what the program does about it: a sentence, a story that keeps it, the words that were shown."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from tests.harness.fault_shop import FaultShopHarness


@dataclass(frozen=True)
class Seen:
    """How it ended, by the program's own word, and the sentences that a person read."""

    end: str
    said: tuple[str, ...] = ()


Story = Callable[[FaultShopHarness], Awaitable[Seen]]


@dataclass(frozen=True)
class Trial:
    """`shortened` says which of the real waits were cut, and to what; `lasting`: the shop is of no use after it."""

    fault: str
    injected: str
    story: Story
    shortened: str = ""
    lasting: bool = False

    @property
    def promise(self) -> str:
        """What the program does, as the story's name says it."""
        name: str = getattr(self.story, "__name__", "")
        return name.replace("_", " ").capitalize()

    def __str__(self) -> str:
        return f"{self.fault}: {self.promise}"


@dataclass(frozen=True)
class Trials:
    """The faults of one subject, in order."""

    subject: str
    _trials: list[Trial] = field(default_factory=list)

    def of(
        self, fault: str, injected: str, *, shortened: str = "", lasting: bool = False
    ) -> Callable[[Story], Story]:
        """Put the story that follows into the table, as a row of this fault."""

        def keep(story: Story) -> Story:
            self._trials.append(Trial(fault, injected, story, shortened, lasting))
            return story

        return keep

    def __iter__(self) -> Iterator[Trial]:
        return iter(self._trials)


AT_MOST = timedelta(seconds=40)
"""For one story, however busy the machine is."""
