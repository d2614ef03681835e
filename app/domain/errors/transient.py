"""Passing errors: the same call may succeed in a moment."""

from app.domain.errors.root import CocoLokoError


class RetryLaterError(CocoLokoError):
    """Passing trouble: the same call may succeed in a moment."""


class NotConnectedError(RetryLaterError):
    code = "not_connected"


class SidecarGoneError(RetryLaterError):
    code = "sidecar_gone"


class VersionNotStoredError(RetryLaterError):
    """The number by which an older copy of the database is known could not be read or kept; all else goes on."""

    code = "version_unkept"


class SidecarCrashLoopError(SidecarGoneError):
    """It died so often that it is started only once a minute (S5)."""

    code = "sidecar_keeps_dying"


class DatabaseBusyError(RetryLaterError):
    """Another program holds the database file: a backup, a virus scanner. Nothing was changed."""

    code = "database_busy"
