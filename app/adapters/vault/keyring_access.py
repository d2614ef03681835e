"""Reads and writes entries of the operating system's keyring, which may refuse, forget, or keep us waiting."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from app.adapters.vault.device_key import SourceUnusableError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

_USER: Final = "coco-loko"


class KeyringAccess:
    """One entry per secret, because some keyrings keep one user per service name.

    The library is loaded in the thread that asks first, for it takes longer than a window's first picture, and a key
    that is given needs none of it. Every call raises SourceUnusableError.
    """

    def __init__(self, answers_within: timedelta) -> None:
        self._answers_within = answers_within
        self._backend: KeyringBackend | None = None

    @property
    def name(self) -> str:
        return f"keyring:{self._backend.name}" if self._backend else "keyring"

    def read(self, entry: str) -> str | None:
        backend = self._usable_backend()
        return self._ask(lambda: backend.get_password(entry, _USER))

    def keep(self, entry: str, text: str) -> None:
        """It is there when this returns."""
        backend = self._usable_backend()
        self._ask(lambda: backend.set_password(entry, _USER, text))
        if self._ask(lambda: backend.get_password(entry, _USER)) != text:
            raise SourceUnusableError("forgetful")

    def delete(self, entry: str) -> None:
        backend = self._usable_backend()
        self._ask(lambda: backend.delete_password(entry, _USER))

    def _usable_backend(self) -> "KeyringBackend":
        if self._backend is None:
            self._backend = self._ask(_first_backend)
        return self._backend

    def _ask(self, question: Callable[[], T]) -> T:
        """In a thread of its own: a keyring that waits for a prompt nobody sees would block us for good."""
        answer: Future[T] = Future()
        Thread(target=_answer, args=(answer, question), name="keyring", daemon=True).start()
        try:
            return answer.result(self._answers_within.total_seconds())
        except SourceUnusableError:
            raise
        except TimeoutError:
            raise SourceUnusableError("timeout") from None
        except Exception as error:
            raise SourceUnusableError(_reason(error)) from error


def _answer(answer: Future[T], question: Callable[[], T]) -> None:
    try:
        answer.set_result(question())
    except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
        answer.set_exception(error)


def _reason(error: Exception) -> str:
    """Why the library did not answer."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError  # noqa: PLC0415 - see KeyringAccess

    if isinstance(error, NoKeyringError):
        return "no_backend"
    return "locked" if isinstance(error, (InitError, KeyringLocked)) else "failed"


def _first_backend() -> "KeyringBackend":
    """The keyring itself where several are chained, so that the remembered name means one of them."""
    import keyring  # noqa: PLC0415 - see KeyringAccess
    from keyring.backends import chainer, fail, null  # noqa: PLC0415 - see KeyringAccess

    backend = keyring.get_keyring()
    if isinstance(backend, chainer.ChainerBackend):
        backend = backend.backends[0]
    if isinstance(backend, (fail.Keyring, null.Keyring)):
        raise SourceUnusableError("no_backend")
    if type(backend).__module__.startswith("keyrings.alt"):
        raise SourceUnusableError("insecure")
    if hasattr(backend, "persist"):
        # Windows: by default an entry roams to every PC of the domain; this key is this PC's.
        cast("Any", backend).persist = "local machine"
    return backend
