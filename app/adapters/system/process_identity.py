"""Names this process so that nobody takes another one for it, and says whether a named one still lives (Q5)."""

from pathlib import Path

import psutil

from app.domain.lease import LeaseOwner

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def this_process() -> LeaseOwner:
    me = psutil.Process()
    return LeaseOwner(pid=me.pid, started=_started(me), boot=_boot())


def owner_alive(owner: str) -> bool:
    """Whether the process that `str(LeaseOwner)` named is running; a text of another form names nobody."""
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
    """On Linux in ticks since the boot: the moment on the wall would move whenever somebody sets the PC's clock."""
    if _BOOT_ID.exists():
        stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[19]
    return f"{process.create_time():.6f}"


def _boot() -> str:
    """Outside Linux the moment of the start is absolute and says enough."""
    return _BOOT_ID.read_text(encoding="ascii").strip() if _BOOT_ID.exists() else "-"
