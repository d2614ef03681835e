"""Identity of a process, safe against pid reuse, and liveness of a named process (Q5)."""

from pathlib import Path

import psutil

from app.domain.lease import LeaseOwner

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def this_process() -> LeaseOwner:
    me = psutil.Process()
    return LeaseOwner(pid=me.pid, started=_started(me), boot=_boot())


def owner_alive(owner: str) -> bool:
    """Return whether the process of this `str(LeaseOwner)` is running; False for other texts."""
    match owner.split("/"):
        case [pid, started, boot] if pid.isascii() and pid.isdigit():
            return boot == _boot() and _runs(int(pid), started)
        case _:
            return False


def _runs(pid: int, started: str) -> bool:
    try:
        process = psutil.Process(pid)
        return _started(process) == started and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError, OverflowError):
        return False


def _started(process: psutil.Process) -> str:
    """Return the start of the process: on Linux in ticks since the boot, which a set clock does not move."""
    if _BOOT_ID.exists():
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]
    return f"{process.create_time():.6f}"


def _boot() -> str:
    """Return the boot's id; outside of Linux the absolute start time is enough."""
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"
