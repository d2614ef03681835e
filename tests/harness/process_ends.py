"""Ends of processes that are not our children: a container without an init keeps them as zombies."""

from collections.abc import Sequence
from contextlib import suppress

import psutil

_STEP_SECONDS = 0.05


def running_after(processes: Sequence[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Return the processes that still run after so many seconds, at once when none does."""
    left = list(processes)
    for _ in range(round(seconds / _STEP_SECONDS)):
        left = [each for each in left if not has_ended(each)]
        if not left:
            break
        psutil.wait_procs(left, timeout=_STEP_SECONDS)
    return left


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone, or a zombie that no parent collects."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    return True
