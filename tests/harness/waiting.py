"""Bounded poll for conditions of other processes and of the Qt loop, which set no event."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 30.0
_POLL_SECONDS = 0.01


async def wait_until(
    holds: Callable[[], object] | Callable[[], Awaitable[object]], seconds: float = PATIENCE_SECONDS
) -> None:
    """Poll a function or coroutine function until its result is true; raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await _result(holds):  # noqa: ASYNC110 - the outside world sets no event
            await asyncio.sleep(_POLL_SECONDS)  # noqa: TID251 - a bounded poll


async def _result(holds: Callable[[], object]) -> object:
    result = holds()
    return await result if isinstance(result, Awaitable) else result
