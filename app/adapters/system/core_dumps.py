"""Core dump prevention: keeps keys and customers in the memory of this process and its children out of dumps."""

import ctypes
import sys
from contextlib import suppress
from typing import Any, Final

_PR_SET_DUMPABLE: Final = 4
# SEM_FAILCRITICALERRORS and SEM_NOGPFAULTERRORBOX: Windows Error Reporting writes no dump of a process that has them.
_NO_ERROR_REPORTS: Final = 0x0001 | 0x0002


def forbid_core_dumps() -> None:
    """Set the core limit to zero, which children inherit, and make this process undumpable on Linux."""
    if sys.platform == "win32":
        forbid_error_reports(ctypes.windll.kernel32)
    else:
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":
            # A core handler behind a kernel pipe runs despite the limit, but not for an undumpable process.
            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def forbid_error_reports(kernel: Any) -> None:  # noqa: ANN401 - Windows' kernel32, which only Windows can name
    """Add the flags to the error mode, which children inherit."""
    kernel.SetErrorMode(kernel.GetErrorMode() | _NO_ERROR_REPORTS)
