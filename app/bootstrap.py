"""Makes the real world's parts and puts the product together; the only place that knows every adapter."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import paths
from app.adapters.demo.simulator_process import simulator_child
from app.adapters.demo.world import SimulatedWorld
from app.config import Settings, read_settings
from app.domain.identifiers import SessionId
from app.domain.order import NotificationType
from app.domain.retry_policy import RetryPolicy
from app.domain.template import MessageTemplate
from app.headless.conversation import Conversation
from app.headless.demo import Demo
from app.ports.training import TrainingWorld
from app.services.assembly import Choices, Ports, assemble
from app.services.core import Core
from app.services.notifications.queue_policy import QueuePolicy
from app.services.sentences import Sentences
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asked for."""

    demo: bool = False
    headless: bool = False
    orders: int = 20
    seed: int = 1
    as_json: bool = False
    data_dir: Path | None = None
    simulated_whatsapp: str | None = None

    @property
    def training(self) -> bool:
        return self.demo or self.simulated_whatsapp is not None


@cache
def sentences() -> Sentences:
    return Sentences(paths.sentences("pt-BR").read_text(encoding="utf-8"))


def run(options: Options) -> int:
    """The exit code; raises StopError with the reason for a refusal."""
    return asyncio.run(_run(options))


async def _run(options: Options) -> int:
    stop = _stop_on_signals()
    work = asyncio.ensure_future(_front_end(options))  # noqa: TID251 - ended below, before the loop is
    stopped = asyncio.ensure_future(stop.wait())  # noqa: TID251 - ended below, before the loop is
    try:
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            raise KeyboardInterrupt
        return work.result()
    finally:
        for task in (work, stopped):
            task.cancel()
        await asyncio.gather(work, stopped, return_exceptions=True)


def _stop_on_signals() -> asyncio.Event:
    """Ask politely first: SIGTERM, like Ctrl-C, lets what is in flight be answered."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for asked in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(asked, stop.set)
        except NotImplementedError:  # Windows raises KeyboardInterrupt by itself
            return stop
    return stop


async def _front_end(options: Options) -> int:
    async with AsyncExitStack() as parts:
        world, url = await _world(options, parts)
        core = open_core(options, parts, url)
        if world and options.demo:
            demo = Demo(core, world, sentences(), options.orders, as_json=options.as_json)
            return 0 if await demo.run() else 1
        async with core:
            await Conversation(core, sentences(), sys.stdout).run()
        return 0
