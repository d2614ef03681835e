"""The device key in the operating system's keyring."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta
from threading import Thread
from typing import Any, Final, TypeVar, cast

import keyring
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from app.adapters.vault.device_key import PlaceUnusableError
from app.adapters.vault.key_text import key_as_text, key_from_text
from app.ports.entropy import Entropy

T = TypeVar("T")

DEVICE_KEY: Final = "coco-loko/device-key"
_PROBE: Final = "coco-loko/probe"
_USER: Final = "coco-loko"
# A keyring may ask the person for its password; a minute is enough to type it.
_ANSWERS_WITHIN: Final = timedelta(seconds=60)


class KeyringPlace:
    """One entry per secret, because some keyrings keep one user per service name."""

    given = False

    def __init__(self, entropy: Entropy, answers_within: timedelta = _ANSWERS_WITHIN) -> None:
        self._entropy = entropy
        self._answers_within = answers_within
        self._backend: KeyringBackend | None = None

    @property
    def name(self) -> str:
        return f"keyring:{self._backend.name}" if self._backend else "keyring"

    def read(self) -> bytes | None:
        """None only where the keyring was seen to work: what it says to have lost is then really lost."""
        backend = self._usable_backend()
        text = self._ask(lambda: backend.get_password(DEVICE_KEY, _USER))
        if text is None:
            self._probe(backend)
            return None
        return key_from_text(text, self.name)

    def keep(self, key: bytes, /) -> None:
        backend = self._usable_backend()
        text = key_as_text(key)
        self._ask(lambda: backend.set_password(DEVICE_KEY, _USER, text))
        if self._ask(lambda: backend.get_password(DEVICE_KEY, _USER)) != text:
            raise PlaceUnusableError("forgetful")

    def _usable_backend(self) -> KeyringBackend:
        if self._backend is None:
            self._backend = self._ask(_first_backend)
        return self._backend

    def _probe(self, backend: KeyringBackend) -> None:
        """Write, read and delete an entry that matters to nobody."""
        text = self._entropy.bytes(16).hex()
        self._ask(lambda: backend.set_password(_PROBE, _USER, text))
        if self._ask(lambda: backend.get_password(_PROBE, _USER)) != text:
            raise PlaceUnusableError("forgetful")
        self._ask(lambda: backend.delete_password(_PROBE, _USER))

    def _ask(self, question: Callable[[], T]) -> T:
        """In a thread of its own: a keyring that waits for a prompt nobody sees would block us for good."""
        answer: Future[T] = Future()
        Thread(target=_answer, args=(answer, question), name="keyring", daemon=True).start()
        try:
            return answer.result(self._answers_within.total_seconds())
        except PlaceUnusableError:
            raise
        except TimeoutError:
            raise PlaceUnusableError("timeout") from None
        except NoKeyringError:
            raise PlaceUnusableError("no_backend") from None
        except (InitError, KeyringLocked):
            raise PlaceUnusableError("locked") from None
        except Exception as error:
            raise PlaceUnusableError("failed") from error


def _answer(answer: Future[T], question: Callable[[], T]) -> None:
    try:
        answer.set_result(question())
    except BaseException as error:  # noqa: BLE001 - carried over to the thread that asked
        answer.set_exception(error)


def _first_backend() -> KeyringBackend:
    """The keyring itself where several are chained, so that the remembered name means one of them."""
    backend = keyring.get_keyring()
    if isinstance(backend, chainer.ChainerBackend):
        backend = backend.backends[0]
    if isinstance(backend, (fail.Keyring, null.Keyring)):
        raise PlaceUnusableError("no_backend")
    if type(backend).__module__.startswith("keyrings.alt"):
        raise PlaceUnusableError("insecure")
    if hasattr(backend, "persist"):
        # Windows: by default an entry roams to every PC of the domain; this key is this PC's.
        cast("Any", backend).persist = "local machine"
    return backend
