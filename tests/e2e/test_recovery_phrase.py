"""Recovery phrase in the whole program: a database whose key is gone opens again by `--recover`."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.sqlite.opening import has_tables
from app.adapters.system.clock import SystemClock
from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault.recovery_phrase import new_phrase
from app.bootstrap.database import DATABASE, open_folder
from tests.harness.running_app import Finished, run_app

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120), pytest.mark.requirement("X3")]

_OTHER_KEY = "ab" * 32


def _start(folder: Path, *options: str, given: str = '{"command":"quit"}\n', **variables: str) -> Finished:
    return run_app(*options, "--data-dir", str(folder), given=given, **variables)


def _make_phrase(folder: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> str:
    monkeypatch.setenv("COCO_MASTER_KEY", key)
    opened = open_folder(folder, SystemClock(), SystemEntropy(), training=False)

    async def make() -> str:
        phrase = opened.custody.draft_phrase()
        await opened.custody.keep_phrase(phrase)
        await opened.store.close()
        return phrase

    return asyncio.run(make())


def test_database_with_a_lost_key_opens_by_its_phrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    phrase = _make_phrase(tmp_path, monkeypatch, "cd" * 32)
    lost = _start(tmp_path, "--headless", COCO_MASTER_KEY=_OTHER_KEY)
    assert lost.code == 2
    words = phrase.split()
    for typed, said in (
        ("açaí\n", "tem 12 palavras; aqui há 1"),
        (" ".join([*words[:3], "acai", *words[4:]]) + "\n", "A 4ª palavra não é da lista"),
        (new_phrase(SystemEntropy()) + "\n", "Esta frase não abre este banco"),
    ):
        refused = _start(tmp_path, "--recover", given=typed, COCO_MASTER_KEY=_OTHER_KEY)
        assert (refused.code, said in refused.err) == (2, True), refused.err
        assert not set(typed.split()) & set(refused.err.replace(".", " ").split()) - {"de"}
    foreign = {"COCO_MASTER_KEY": _OTHER_KEY, "PYTHONIOENCODING": "ascii:strict"}
    assert "aqui há 1" in _start(tmp_path, "--recover", given="açaí\n", **foreign).err
    done = _start(tmp_path, "--recover", given=f"{phrase.upper()}\n", COCO_MASTER_KEY=_OTHER_KEY)
    assert (done.code, "A chave deste banco está agora" in done.out) == (0, True), done.err
    assert _start(tmp_path, "--headless", COCO_MASTER_KEY=_OTHER_KEY).code == 0


@pytest.mark.parametrize("command", ["--recover", "--reset-pin"])
def test_command_without_a_database_is_refused_and_changes_no_file(tmp_path: Path, command: str) -> None:
    wal = tmp_path / f"{DATABASE}-wal"
    wal.write_bytes(b"the last commits of a lost database")
    refused = _start(tmp_path, command, given=f"{new_phrase(SystemEntropy())}\n")
    assert (refused.code, "Não há banco de dados" in refused.err) == (2, True), refused.err
    assert wal.exists()
    assert not (tmp_path / DATABASE).exists()


@pytest.mark.parametrize("command", ["--recover", "--reset-pin"])
def test_command_on_a_file_without_tables_is_refused_and_makes_none(tmp_path: Path, command: str) -> None:
    file = tmp_path / DATABASE
    with closing(sqlite3.connect(file)) as bare:
        bare.execute("PRAGMA user_version=1")
    before = file.read_bytes()
    refused = _start(tmp_path, command, given=f"{new_phrase(SystemEntropy())}\n")
    assert (refused.code, "Não há banco de dados" in refused.err) == (2, True), refused.err
    assert file.read_bytes() == before


def test_tables_that_a_power_cut_has_left_in_the_log_alone_are_found(tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole.db", tmp_path / "cut.db"
    with closing(sqlite3.connect(whole)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        database.execute(f"PRAGMA application_id={0x436F636F}")
        database.execute("CREATE TABLE settings (name TEXT)")
        for part in ("", "-wal"):
            shutil.copy(f"{whole}{part}", f"{cut}{part}")
    assert has_tables(cut)
