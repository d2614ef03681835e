"""Steps on a message's way, each recognised from outside by the program's events and the wire log."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random  # noqa: TID251 - seeded on purpose
from typing import Final

import psutil

from app.ports.clock import Clock
from tests.harness.chaos.event_log import Course, EventLog
from tests.harness.chaos.key_rotator import KeyRotator
from tests.harness.chaos.life import Life
from tests.harness.chaos.load_generator import LoadGenerator
from tests.harness.chaos.simulated_side import SimulatedSide

ANYWHERE: Final = "anywhere"
_PATIENCE: Final = timedelta(seconds=3)
_LOOK_EVERY: Final = timedelta(milliseconds=2)
_HELD_ACK_MS: Final = 600
_SLOW_ACK_MS: Final = 200
# As long as Python takes to write a line that it has begun, many times over.
_SURELY_WRITTEN: Final = timedelta(milliseconds=60)
_SILENT: Final = 0.5
_STORED_WITHIN: Final = 0.04
_RESEALED_WITHIN: Final = 0.6


@dataclass(frozen=True, slots=True)
class Scene:
    """Parts with which a step is observed or brought about."""

    life: Life
    side: SimulatedSide
    event_log: EventLog
    load: LoadGenerator
    clock: Clock
    chance: Random
    rotator: KeyRotator

    async def pause(self, most: float, least: float = 0.0) -> None:
        await self.clock.sleep(timedelta(seconds=self.chance.uniform(least, most)))

    async def heard(self, state: str) -> Course | None:
        return await self.event_log.next(lambda course: course.state == state, _PATIENCE)

    def silence_some(self) -> None:
        """Switch all phones off in half of the cases; then a repeat alone can end a doubt."""
        if self.chance.random() < _SILENT:
            self.side.switch_off(self.load.phones())

    async def on_the_wire(self, what: str, known: int, id_: str | None = None) -> str | None:
        """The id of the first such entry of the wire log after the `known` ones."""
        until = self.clock.steady() + _PATIENCE
        while self.clock.steady() < until and not self.life.ended.is_set():
            self.side.look()
            for entry in self.side.entries[known:]:
                if entry.what == what and id_ in {None, entry.id}:
                    return entry.id
            await self.clock.sleep(_LOOK_EVERY)
        return None


Meet = Callable[[Scene], Awaitable[bool]]
"""Returns at the moment of the step; False when it did not come."""


async def anywhere(scene: Scene) -> bool:
    await scene.pause(1.0)
    return True


async def queued(scene: Scene) -> bool:
    return await scene.heard("pending") is not None


async def begun(scene: Scene) -> bool:
    return await scene.heard("sending") is not None


async def handed(scene: Scene) -> bool:
    """The line is in the pipe of a stopped Node process, so it cannot be on the wire."""
    node = scene.life.node()
    if node is None:
        return False
    with suppress(psutil.Error):
        node.suspend()
        course = await scene.heard("sending")
        await scene.clock.sleep(_SURELY_WRITTEN)
        return course is not None
    return False


async def unkept(scene: Scene) -> bool:
    """The server has it from Node, whose program stands still: its ratchets cannot be on the disk.

    Of a customer who has just been written to, so that Node has all it needs without asking the program.
    """
    told = await scene.heard("sent")
    node = scene.life.node()
    if told is None or told.order_id is None or node is None:
        return False
    scene.silence_some()
    scene.side.delay(ack_delay_ms=_HELD_ACK_MS)
    known = scene.side.look()
    with suppress(psutil.Error):
        node.suspend()
        await scene.load.go_on_with(told.order_id)
        begun = await scene.heard("sending")
        await scene.clock.sleep(_SURELY_WRITTEN)
        scene.life.freeze()
        node.resume()
        return begun is not None and await scene.on_the_wire("message", known) is not None
    return False


async def written(scene: Scene) -> bool:
    """The server has the message and holds its acknowledgement back."""
    scene.silence_some()
    scene.side.delay(ack_delay_ms=_HELD_ACK_MS)
    return await scene.on_the_wire("message", scene.side.look()) is not None


async def acknowledged(scene: Scene) -> bool:
    """The server has acknowledged to a stopped program, which cannot have stored that."""
    scene.silence_some()
    scene.side.delay(ack_delay_ms=_SLOW_ACK_MS)
    known = scene.side.look()
    id_ = await scene.on_the_wire("message", known)
    if id_ is None:
        return False
    scene.life.freeze()
    found = await scene.on_the_wire("ack", known, id_)
    await scene.clock.sleep(_LOOK_EVERY)
    return found is not None


async def stored(scene: Scene) -> bool:
    return await scene.heard("sent") is not None


async def delivered(scene: Scene) -> bool:
    return await scene.heard("delivered") is not None


async def read(scene: Scene) -> bool:
    return await scene.heard("read") is not None


async def starting(scene: Scene) -> bool:
    await scene.pause(1.5, 0.1)
    return not scene.life.connected.is_set()


async def rescued(scene: Scene) -> bool:
    """Rows of the last process are rescued."""
    found = await scene.event_log.next(lambda course: course.reason == "owner_died", _PATIENCE)
    return found is not None


async def connecting(scene: Scene) -> bool:
    await scene.clock.wait(scene.life.connecting, _PATIENCE)
    await scene.pause(0.3)
    return not scene.life.connected.is_set()


async def rotating(scene: Scene) -> bool:
    """The command is on its way, or its key is being stored."""
    scene.rotator.request()
    begun = await scene.clock.wait(scene.rotator.begun, _PATIENCE)
    await scene.pause(_STORED_WITHIN)
    return begun


async def resealing(scene: Scene) -> bool:
    """The key is stored, and the pass over the cells has begun; it has few cells to go over."""
    scene.rotator.request()
    over = await scene.clock.wait(scene.rotator.over, _PATIENCE)
    await scene.pause(_RESEALED_WITHIN)
    return over


@dataclass(frozen=True, slots=True)
class Step:
    """Step of a message; `strikes` are the processes that are worth killing there."""

    name: str
    meet: Meet
    strikes: tuple[str, ...]
    weight: int = 1
    """How much more often than others it is chosen."""
    delicate: bool = False
    """No other fault may come in between."""


_BOTH: Final = ("app", "node")
ON_THE_WAY: Final = (
    Step(ANYWHERE, anywhere, _BOTH, weight=2),
    Step("queued", queued, ("app",)),
    Step("begun", begun, _BOTH),
    Step("handed", handed, _BOTH),
    Step("unkept", unkept, ("app",), weight=2, delicate=True),
    Step("written", written, _BOTH, weight=3, delicate=True),
    Step("acknowledged", acknowledged, ("app",), weight=3, delicate=True),
    Step("stored", stored, _BOTH),
    Step("delivered", delivered, _BOTH),
    Step("read", read, _BOTH),
)
AT_THE_START: Final = (
    Step("starting", starting, ("app",)),
    Step("rescued", rescued, ("app",)),
    Step("connecting", connecting, _BOTH),
)
OF_ROTATIONS: Final = (
    Step("rotating", rotating, ("app",), weight=3),
    Step("resealing", resealing, ("app",), weight=3),
)
