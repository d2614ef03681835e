"""Message catalog: a complete sentence for every code in every language."""

import json
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from app.domain import errors
from app.domain.attempt import HOLDING, RejectionKind
from app.domain.close_policy import CloseCause
from app.domain.notification import UNREADABLE, State, Suppression
from app.domain.order import NotificationType
from app.domain.pickup_reply import PickupChoice
from app.domain.queue_block import BlockReason
from app.domain.rate_limit import Hold, HoldReason
from app.domain.remedy import REMEDIES, Remedy
from app.domain.session import ConnectionState
from app.domain.untold import UntoldReason
from app.services.notifications.expiry import DOUBT_EXPIRED
from app.services.notifications.rescuer import OWNER_DIED
from app.services.notifications.restore_recovery import RESTORED
from app.services.notifications.sender_failover import NUMBER_OUT
from app.services.notifications.settlement import CUT_SHORT, UNEXPECTED
from app.services.storage.unreadable_rows import ROW_UNREADABLE
from app.services.text.message_catalog import MessageCatalog
from tests.contracts.asked_store import NOW

# What the messenger and the sidecar say when nobody knows whether a message left.
IN_DOUBT_REASONS = {"ack_timeout", "socket_closed", "keys_not_kept", "sidecar_gone", "sidecar_failed"}
_LANGUAGES = ("pt-BR", "en", "es")


def _catalogue(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        Path(f"resources/i18n/sentences.{language}.json").read_text(encoding="utf-8")
    )
    return found


def _codes(root: type[errors.CocoLokoError]) -> set[str]:
    return {root.code}.union(*(_codes(child) for child in root.__subclasses__()))


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_error_has_one_sentence_and_one_action(language: str) -> None:
    said = _catalogue(language)["errors"]
    assert _codes(errors.CocoLokoError) <= set(said)
    assert all(len(parts) == 2 and all(parts) for parts in said.values())


@pytest.mark.requirement("Z1")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_an_unreadable_row_has_one_sentence_and_one_action(language: str) -> None:
    assert all(_catalogue(language)["errors"][ROW_UNREADABLE])


@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_state_type_and_lamp_has_its_word(language: str) -> None:
    said = _catalogue(language)
    assert set(State) == set(said["states"])
    assert set(NotificationType) == set(said["types"])
    assert set(ConnectionState) == set(said["lamp"])


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_reason_has_one_sentence_and_one_action(language: str) -> None:
    said = _catalogue(language)["reasons"]
    kinds = set(RejectionKind) - HOLDING
    ends = {CUT_SHORT, DOUBT_EXPIRED, UNREADABLE}
    assert {
        *kinds,
        *Suppression,
        *IN_DOUBT_REASONS,
        *ends,
        NUMBER_OUT,
        OWNER_DIED,
        RESTORED,
        UNEXPECTED,
    } == set(said)
    assert all(len(parts) == 2 and all(parts) for parts in said.values())


@pytest.mark.requirement("S3")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_reason_of_a_connection_has_its_sentence_and_its_button(language: str) -> None:
    said = _catalogue(language)
    assert set(REMEDIES) == set(said["connection_reasons"])
    assert set(Remedy) == set(said["remedies"])
    assert set(CloseCause) <= set(said["connection_reasons_in_short"])


@pytest.mark.requirement("X2")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_hold_has_one_sentence_and_one_action(language: str) -> None:
    for room in ("holds", "holds_too_late"):
        said = _catalogue(language)[room]
        assert set(HoldReason) == set(said)
        assert all(len(parts) == 2 and all(parts) for parts in said.values())
    assert {*HoldReason, "too_late"} == set(_catalogue(language)["holds_in_short"])


@pytest.mark.requirement("C3")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_untold_reason_has_short_words_in_each_language(language: str) -> None:
    words = _catalogue(language)["untold_in_short"]
    assert {*UntoldReason, "restricted_until"} == set(words)
    assert all(said and len(said) <= 40 for said in words.values())


@pytest.mark.requirement("K9")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_pickup_choice_has_its_words(language: str) -> None:
    assert {*PickupChoice, "answered"} == set(_catalogue(language)["pickup"])


@pytest.mark.requirement("Q2")
@pytest.mark.parametrize("language", _LANGUAGES)
def test_every_block_has_one_sentence_and_one_action(language: str) -> None:
    said = _catalogue(language)
    assert set(BlockReason) == set(said["blocks"]) == set(said["blocks_in_short"])
    assert all(len(parts) == 2 and all(parts) for parts in said["blocks"].values())


def test_a_block_says_behind_what_a_message_stands() -> None:
    assert str(_portuguese().of_block(BlockReason.OWN_DOUBT)).startswith(
        "Espera o aviso anterior deste pedido"
    )


def test_a_hold_says_until_when() -> None:
    hold = Hold(HoldReason.COOL_DOWN, NOW)
    assert str(_portuguese().of_hold(hold, "14:05")).startswith("Espera até 14:05")
    too_late = str(_portuguese().of_hold(replace(hold, in_time=False), "14:05"))
    assert too_late.startswith("Não sai a tempo")
    assert "até 14:05" in too_late


@pytest.mark.parametrize("language", _LANGUAGES[1:])
def test_the_languages_say_the_same_things_with_the_same_facts(language: str) -> None:
    assert _facts(_catalogue(language)) == _facts(_catalogue("pt-BR"))


def _facts(said: object) -> object:
    if isinstance(said, dict):
        return {name: _facts(part) for name, part in said.items()}
    if isinstance(said, list):
        return sorted(fact for part in said for fact in str(_facts(part)).split())
    return " ".join(sorted({name for _, name, _, _ in Formatter().parse(str(said)) if name}))


def _portuguese() -> MessageCatalog:
    return MessageCatalog(Path("resources/i18n/sentences.pt-BR.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("error", "beginning"),
    [
        (errors.DatabaseUnreadableError(reason="locked"), "Outro programa está usando"),
        (errors.DatabaseUnreadableError(reason="cannot_open"), "O arquivo do banco de dados não pôde"),
        (errors.DatabaseUnreadableError(reason="nobody knows"), "O banco de dados não pôde ser lido"),
        (
            errors.DataFolderRefusedError(reason="no_room", free_mib=7),
            "Falta espaço no disco da pasta de dados: 7",
        ),
        (errors.BadKeyError(place="key_file", reason="permissions"), "O arquivo da chave pode ser lido"),
    ],
)
def test_a_reason_that_is_known_has_a_sentence_of_its_own(
    error: errors.CocoLokoError, beginning: str
) -> None:
    assert _portuguese().of_error(error).text.startswith(beginning)


@pytest.mark.requirement("P1")
def test_an_invalid_phone_is_explained_with_its_reason() -> None:
    sentence = _portuguese().of_error(errors.InvalidPhoneError(reason="too_short"))
    assert sentence.text == "O telefone não é válido: faltam dígitos."


def test_an_unknown_variable_is_named() -> None:
    sentence = _portuguese().of_error(errors.UnknownVariableError(variable="nome"))
    assert "nome" in sentence.text


def test_a_code_that_nobody_wrote_a_sentence_for_still_gets_one() -> None:
    assert _portuguese().of_code("no_such_code").text.startswith("Algo inesperado")


def test_a_fact_that_nobody_gave_leaves_a_dash() -> None:
    assert "–" in str(_portuguese().of_code("bad_setting"))
