"""Cures of the stop page: each fault of the vault and of the database's file has its sentence and its way out."""

import pytest

from app import paths
from app.domain.errors import (
    BadKeyError,
    CocoLokoError,
    DatabaseBusyError,
    DatabaseHeldError,
    DatabaseNewerError,
    DatabaseUnreadableError,
    DatabaseVanishedError,
    DataFolderInUseError,
    KeyMissingError,
    NoKeyPlaceError,
    WrongKeyError,
)
from app.services.text.message_catalog import MessageCatalog
from app.ui.stop_cure import StopCure, cure_of

_KEYRING = "keyring:GNOME"
_FAULTS_OF_KEYRINGS = ("no_backend", "insecure", "locked", "timeout", "forgetful", "failed")
_DAMAGE_OF_KEYS = ("not_a_key", "length", "not_plain_text")

CURES: list[tuple[CocoLokoError, StopCure | None]] = [
    *((KeyMissingError(place=_KEYRING, reason=one), StopCure.RETRY) for one in _FAULTS_OF_KEYRINGS),
    *((NoKeyPlaceError(place=_KEYRING, reason=one), StopCure.RETRY) for one in _FAULTS_OF_KEYRINGS),
    (KeyMissingError(place=_KEYRING), StopCure.RECOVER),
    (WrongKeyError(place=_KEYRING), StopCure.RECOVER),
    (WrongKeyError(place="environment"), StopCure.RECOVER),
    *((BadKeyError(place=_KEYRING, reason=one), StopCure.RECOVER) for one in _DAMAGE_OF_KEYS),
    (BadKeyError(place="passphrase", reason="not_a_key"), StopCure.RECOVER),
    (BadKeyError(place="key_file", reason="permissions"), StopCure.RETRY),
    (BadKeyError(place="environment", reason="length"), None),
    (DatabaseVanishedError(), StopCure.RESTORE),
    (DatabaseUnreadableError(), StopCure.RESTORE),
    (DatabaseUnreadableError(reason="corrupt"), StopCure.RESTORE),
    (DatabaseUnreadableError(reason="not_a_database"), StopCure.RESTORE),
    (DatabaseUnreadableError(reason="locked"), StopCure.RETRY),
    (DatabaseUnreadableError(reason="disk"), StopCure.RETRY),
    (DatabaseUnreadableError(reason="foreign"), None),
    (DatabaseHeldError(), StopCure.RETRY),
    (DatabaseBusyError(), StopCure.RETRY),
    (DatabaseNewerError(), None),
    (DataFolderInUseError(), None),
]


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    ("error", "cure"),
    CURES,
    ids=[f"{e.code}-{e.facts.get('place', '')}-{e.facts.get('reason', '')}" for e, _ in CURES],
)
def test_cure_of_each_fatal_error_is_the_button_that_helps(
    error: CocoLokoError, cure: StopCure | None
) -> None:
    assert cure_of(error) is cure


@pytest.mark.requirement("X3")
@pytest.mark.parametrize("language", ["pt-BR", "en", "es"])
@pytest.mark.parametrize("kind", [KeyMissingError, NoKeyPlaceError])
def test_each_fault_of_a_keyring_has_a_sentence_of_its_own(kind: type[CocoLokoError], language: str) -> None:
    catalogue = MessageCatalog(paths.sentences(language).read_text("utf-8"))
    said = [catalogue.of_error(kind(reason=reason)) for reason in ("", *_FAULTS_OF_KEYRINGS)]
    # A new shop without a keyring is the plain case of a key that has no place.
    alike = 1 if kind is NoKeyPlaceError else 0
    assert len(set(said)) == len(said) - alike
