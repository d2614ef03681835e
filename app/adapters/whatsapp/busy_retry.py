"""Retry with exponential backoff while the database is busy: the sidecar delivers each message only once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.domain.errors import DatabaseBusyError
from app.ports.clock import Clock

PAUSES = tuple(timedelta(seconds=pause) for pause in (1, 2, 4))
"""Backoff between tries; each try has itself waited for the lock before."""


async def retry_while_busy(work: Callable[[], Awaitable[None]], clock: Clock) -> None:
    """Run `work`, and again after each pause while another program holds the database; the last error is raised."""
    for pause in PAUSES:
        try:
            return await work()
        except DatabaseBusyError:
            await clock.sleep(pause)
    return await work()
