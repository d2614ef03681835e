"""What every place for the device key can do."""

from typing import Protocol


class SourceUnusableError(Exception):
    """Nothing is kept here: no_backend, insecure, locked, timeout, forgetful, missing or failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DeviceKeySource(Protocol):
    @property
    def name(self) -> str:
        """Shown to the person and remembered in the database."""
        ...

    @property
    def given(self) -> bool:
        """Whether a person pointed at it on purpose: then its key counts, whatever place is remembered."""
        ...

    def read(self) -> bytes | None:
        """The key kept there; raises SourceUnusableError, BadKeyError, WrongKeyError (a wrong passphrase)."""
        ...

    def keep(self, key: bytes, /) -> None:
        """Have `read` return this key from now on; raises SourceUnusableError."""
        ...
