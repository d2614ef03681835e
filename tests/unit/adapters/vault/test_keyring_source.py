"""Device key in the operating system's keyring, with the faults that keyrings have."""

from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, null
from keyring.errors import InitError, KeyringError, KeyringLocked

from app.adapters.vault.device_key import SourceUnusableError
from app.adapters.vault.keyring_source import DEVICE_KEY, KeyringSource
from app.domain.errors import BadKeyError
from tests.simulators.memory_keyring import (
    FailingKeyring,
    ForgetfulKeyring,
    MemoryKeyring,
    in_use,
    no_keyring,
)
from tests.simulators.seeded_entropy import SeededEntropy

KEY = bytes(range(32))


def _place(**changes: timedelta) -> KeyringSource:
    return KeyringSource(SeededEntropy(), **changes)


def _raises(error: Exception) -> Callable[[], None]:
    def fault() -> None:
        raise error

    return fault


def _reason(place: KeyringSource) -> str:
    with pytest.raises(SourceUnusableError) as raised:
        place.read()
    return raised.value.reason


def test_keyring_source_keeps_a_key_as_one_entry_and_bears_its_name() -> None:
    backend = MemoryKeyring()
    with in_use(backend):
        place = _place()
        assert place.read() is None
        place.keep(KEY)
        assert _place().read() == KEY
    assert backend.entries == {(DEVICE_KEY, "coco-loko"): b64encode(KEY).decode()}
    assert place.name == f"keyring:{backend.name}"


def test_an_empty_keyring_is_tried_out_before_its_emptiness_is_believed() -> None:
    with in_use(ForgetfulKeyring()):
        assert _reason(_place()) == "forgetful"
        with pytest.raises(SourceUnusableError, match="forgetful"):
            _place().keep(KEY)


@pytest.mark.parametrize("backend", [no_keyring(), null.Keyring()])  # type: ignore[no-untyped-call]
def test_no_keyring_is_said_to_be_none(backend: KeyringBackend) -> None:
    with in_use(backend):
        assert _reason(_place()) == "no_backend"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InitError("Prompt dismissed"), "locked"),
        (KeyringLocked("locked"), "locked"),
        (KeyringError("?"), "failed"),
        (ConnectionRefusedError(), "failed"),
        (RuntimeError("D-Bus went away"), "failed"),
    ],
)
def test_a_keyring_that_fails_is_a_place_that_cannot_be_used(error: Exception, reason: str) -> None:
    with in_use(FailingKeyring(_raises(error))):
        assert _reason(_place()) == reason


def test_a_keyring_that_waits_for_a_prompt_nobody_sees_blocks_nobody() -> None:
    prompt = Event()
    with in_use(FailingKeyring(lambda: prompt.wait(30))):
        try:
            assert _reason(_place(answers_within=timedelta(milliseconds=20))) == "timeout"
        finally:
            prompt.set()


def test_a_keyring_in_plain_text_is_refused() -> None:
    class PlaintextKeyring(MemoryKeyring):
        priority = 0.1

    PlaintextKeyring.__module__ = "keyrings.alt.file"
    with in_use(PlaintextKeyring()):
        assert _reason(_place()) == "insecure"


def test_of_chained_keyrings_the_first_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = MemoryKeyring(), MemoryKeyring()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [first, second])
    with in_use(chainer.ChainerBackend()):  # type: ignore[no-untyped-call]
        place = _place()
        place.keep(KEY)
    assert place.name == f"keyring:{first.name}"
    assert first.entries
    assert not second.entries


def test_an_entry_that_is_no_key_is_not_replaced() -> None:
    backend = MemoryKeyring()
    backend.set_password(DEVICE_KEY, "coco-loko", "something else")
    with in_use(backend), pytest.raises(BadKeyError):
        _place().read()
    assert backend.get_password(DEVICE_KEY, "coco-loko") == "something else"


def test_on_windows_the_entry_stays_on_this_pc() -> None:
    class RoamingKeyring(MemoryKeyring):
        priority = 0.1
        persist = "enterprise"

    backend = RoamingKeyring()
    with in_use(backend):
        _place().read()
    assert backend.persist == "local machine"
