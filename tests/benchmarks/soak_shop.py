"""The app without a window, whole and in a process of its own, beside a task that measures how late its loop is."""

import asyncio
import json
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path

from app.adapters.system.clock import SystemClock
from app.bootstrap import Options, open_shop, sentences
from app.headless.json_lines_loop import JsonLinesLoop
from app.headless.line_output import writer_to

_MILLISECOND = timedelta(milliseconds=1)
_TICK = 10 * _MILLISECOND
_TICKS_TOLD_TOGETHER = 50


async def main(folder: Path, url: str) -> None:
    options = Options(headless=True, data_dir=folder, simulated_whatsapp=url)
    async with open_shop(options) as shop:
        conversation = JsonLinesLoop(shop.core, sentences(), writer_to(sys.stdout.fileno()))
        async with shop.core, asyncio.TaskGroup() as tasks:
            ticking = tasks.create_task(_tick(SystemClock()))
            await conversation.run(sys.stdin.fileno())
            ticking.cancel()
        conversation.close()


async def _tick(clock: SystemClock) -> None:
    """Says every half second how late the latest tick was, and how long the process had worked meanwhile.

    A tick that is late without any work was kept waiting by the machine.
    """
    while True:
        late, busy = timedelta(0), timedelta(0)
        for _ in range(_TICKS_TOLD_TOGETHER):
            began, worked = clock.steady(), os.times()
            await clock.sleep(_TICK)
            if (lateness := clock.steady() - began - _TICK) > late:
                now = os.times()
                seconds = now.user + now.system - worked.user - worked.system
                late, busy = lateness, timedelta(seconds=seconds)
        said = {"event": "loop", "late_ms": late / _MILLISECOND, "busy_ms": busy / _MILLISECOND}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    logging.getLogger().addHandler(logging.NullHandler())
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
