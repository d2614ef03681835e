"""Transient errors: the same call may succeed in a moment."""

from app.domain.errors.root import CocoLokoError


class RetryLaterError(CocoLokoError):
    """Transient failure: the same call may succeed in a moment."""


class NotConnectedError(RetryLaterError):
    code = "not_connected"


class SidecarGoneError(RetryLaterError):
    code = "sidecar_gone"


class VersionNotStoredError(RetryLaterError):
    """The version counter that reveals an older copy of the database failed; the program goes on.

    Its place could not be read or written.
    """

    code = "version_unkept"


class SidecarCrashLoopError(SidecarGoneError):
    """The sidecar crashed so often that it is started only once a minute (S5)."""

    code = "sidecar_keeps_dying"


class DatabaseBusyError(RetryLaterError):
    """Another program holds the database file: a backup, a virus scanner. No change was made."""

    code = "database_busy"
