"""Interface of the sources of the device key."""

from typing import Protocol


class SourceUnusableError(Exception):
    """Error of a source without a usable key.

    Reasons: no_backend, insecure, locked, timeout, forgetful, missing or failed.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeviceKeySource(Protocol):
    """Source of the device key: keyring, file, passphrase or environment."""

    @property
    def name(self) -> str:
        """Name shown to the person and stored in the database."""
        ...

    @property
    def given(self) -> bool:
        """True where a person chose this source on purpose: its key counts even if another source is remembered."""
        ...

    def read(self) -> bytes | None:
        """Return the stored key; raises SourceUnusableError, BadKeyError, WrongKeyError (a wrong passphrase)."""
        ...

    def keep(self, key: bytes, /) -> None:
        """Store the key, so that `read` returns it from now on; raises SourceUnusableError."""
        ...
