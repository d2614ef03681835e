"""Failure of a shop's background loop at its present wait, with a foreign error."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from types import coroutine
from typing import Any

import pytest

from app.services.runtime.background_loops import BackgroundLoops

Run = Callable[[], Awaitable[None]]


class ForeignError(RuntimeError):
    """Stands for an error of a library or of the interpreter."""


class BreakableLoop:
    """A loop that raises ForeignError at its first wait, and in the wait in which `fail` finds it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._task: asyncio.Task[Any] | None = None
        self._failing = True
        self.runs = 0

    async def run(self) -> None:
        self.runs += 1
        self._task = asyncio.current_task()
        loop = self._run()
        assert asyncio.iscoroutine(loop)
        await self._driven(loop)

    def fail(self) -> None:
        """Raise in the loop as if the thing it waits for had; a loop that is being restarted is left alone."""
        assert self._task
        self._failing = True
        self._task.cancel()

    @coroutine
    def _driven(self, loop: Coroutine[Any, Any, None]) -> Generator[Any, Any, None]:
        error: BaseException | None = None
        while True:
            try:
                waits_for = loop.throw(error) if error else loop.send(None)
                if self._failing and self.runs == 1 and error is None:
                    self._failing = False
                    waits_for = loop.throw(ForeignError())
            except StopIteration:
                return
            error = yield from self._waited(waits_for)

    def _waited(self, waits_for: object) -> Generator[Any, Any, BaseException | None]:
        try:
            yield waits_for
        except asyncio.CancelledError as cancelled:
            if not self._failing:
                return cancelled
            assert self._task
            self._failing = False
            self._task.uncancel()
            return ForeignError()
        except BaseException as error:  # noqa: BLE001 - handed on to the loop
            return error
        return None


def break_loop(monkeypatch: pytest.MonkeyPatch, name: str) -> list[BreakableLoop]:
    """Make this loop of every shop that is opened from now on breakable."""
    broken: list[BreakableLoop] = []
    add = BackgroundLoops.add

    def add_breakable(loops: BackgroundLoops, each: str, run: Run) -> None:
        if each == name:
            broken.append(BreakableLoop(run))
            run = broken[-1].run
        add(loops, each, run)

    monkeypatch.setattr(BackgroundLoops, "add", add_breakable)
    return broken
