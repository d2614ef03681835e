"""Access to the operating system's keyring, with a timeout: it may refuse, forget or block."""

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
    """Keyring entries, one per secret, because some keyrings keep one user per service name.

    The library is loaded in the thread of the first request: it takes longer than the first picture of a window, and
    a given key needs no keyring. Every call raises SourceUnusableError.
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
        """Store the entry and read it back; raises SourceUnusableError("forgetful") where it is gone."""
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
        """Call the keyring in a daemon thread: one that waits for an invisible prompt would block us for good."""
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
    except BaseException as error:  # noqa: BLE001 - passed to the calling thread
        answer.set_exception(error)


def _reason(error: Exception) -> str:
    """Return the reason of the library's failure."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError  # noqa: PLC0415 - see KeyringAccess

    if isinstance(error, NoKeyringError):
        return "no_backend"
    return "locked" if isinstance(error, (InitError, KeyringLocked)) else "failed"


def _first_backend() -> "KeyringBackend":
    """Return the first keyring of a chain: the remembered name must mean one of them."""
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
        # Windows: by default an entry roams to every PC of the domain; this key belongs to this PC.
        cast("Any", backend).persist = "local machine"
    return backend
