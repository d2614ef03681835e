"""Keeps the memory of this process and its children, with keys and customers in it, out of core dumps."""

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
            # A core handler that the kernel pipes dumps into is asked whatever the limit says, but not about this.
            with suppress(OSError, AttributeError):
                ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def forbid_error_reports(kernel: Any) -> None:  # noqa: ANN401 - Windows' kernel32, which only Windows can name
    """Add the flags to the error mode, which children inherit."""
    kernel.SetErrorMode(kernel.GetErrorMode() | _NO_ERROR_REPORTS)
