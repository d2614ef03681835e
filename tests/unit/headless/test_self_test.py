"""Self-test: it names the broken part and skips the checks that depend on it."""

import asyncio
from io import StringIO
from pathlib import Path

import pytest

from app import paths
from app.domain.errors import DatabaseUnreadableError, SidecarMissingError
from app.headless.import_check import import_every_module
from app.headless.self_test import SelfTest, SelfTestSetup
from app.ports.store import Store
from app.ports.training import TrainingWorld
from app.services.runtime.core import Core
from app.services.text.message_catalog import MessageCatalog
from tests.simulators.memory_store import MemoryStore

SENTENCES = MessageCatalog(paths.sentences("pt-BR").read_text(encoding="utf-8"))


class _NoSidecar:
    """A shop that cannot open."""

    def __init__(self, _: Path) -> None: ...

    async def __aenter__(self) -> tuple[Core, TrainingWorld]:
        raise SidecarMissingError(part="node")

    async def __aexit__(self, *_: object) -> None: ...


def _unreadable(_: Path) -> Store:
    raise DatabaseUnreadableError(reason="corrupt")


def _said(premises: SelfTestSetup, folder: Path) -> list[str]:
    out = StringIO()
    assert not asyncio.run(SelfTest(premises, folder, SENTENCES, out).run())
    return out.getvalue().splitlines()


def test_a_missing_sidecar_is_named_and_what_needs_it_is_not_tried(tmp_path: Path) -> None:
    kept = MemoryStore()
    said = _said(SelfTestSetup(lambda _: kept, _NoSidecar, None, with_qt=True), tmp_path)
    assert [line[0] for line in said] == ["✓", "✓", "✗", "–", "–", "–", "✗"]
    assert said[2] == "✗ Módulo do WhatsApp de pé: Falta uma parte do programa: o módulo do WhatsApp."
    assert said[-1].startswith("✗ O programa não está inteiro.")


def test_an_unreadable_database_is_named(tmp_path: Path) -> None:
    said = _said(SelfTestSetup(_unreadable, _NoSidecar, None, with_qt=True), tmp_path)
    assert said[1].startswith("✗ Banco de dados")
    assert [line[0] for line in said[2:]] == ["–", "–", "–", "–", "✗"]


def test_a_database_that_forgets_is_caught(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def empty(_: Path) -> Store:
        return MemoryStore()

    said = _said(SelfTestSetup(empty, _NoSidecar, None, with_qt=True), tmp_path)
    assert said[1] == "✗ Banco de dados criado, fechado e aberto de novo: AssertionError"
    assert "the database forgot" in capsys.readouterr().err


def test_without_qt_the_window_is_left_out_and_the_rest_is_imported() -> None:
    assert 100 < import_every_module(with_qt=False) < import_every_module(with_qt=True)
