"""Tries again what met a busy database, for the sidecar tells it only once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.domain.errors import DatabaseBusyError
from app.ports.clock import Clock

PAUSES = tuple(timedelta(seconds=pause) for pause in (1, 2, 4))
"""Each try has itself waited for the lock before."""


async def retry_while_busy(work: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Do `work`, again after each of the pauses while another program holds the database; then it raises."""
    for pause in PAUSES:
        try:
            return await work()
        except DatabaseBusyError:
            await clock.sleep(pause)
    return await work()
