"""Keyrings that live in memory, some of them with the faults that real ones have."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import PasswordDeleteError


class MemoryKeyring(KeyringBackend):
    priority = 0.1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError


class ForgetfulKeyring(MemoryKeyring):
    priority = 0.1

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class FailingKeyring(MemoryKeyring):
    """Does `fault` whenever it is asked."""

    priority = 0.1

    def __init__(self, fault: Callable[[], object]) -> None:
        super().__init__()
        self._fault = fault

    def get_password(self, service: str, username: str) -> str | None:
        self._fault()
        return super().get_password(service, username)


def no_keyring() -> KeyringBackend:
    """What the library gives where the system has none."""
    return fail.Keyring()  # type: ignore[no-untyped-call]


@contextmanager
def in_use(backend: KeyringBackend) -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(backend)
    try:
        yield
    finally:
        keyring.set_keyring(before)
