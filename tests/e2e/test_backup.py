"""The drill: a copy made while the shop is open, messages sent after it, the copy put back, nothing said twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.adapters.demo.admin_client import AdminClient
from tests.harness.headless_shop import headless_shop, pair, shown
from tests.harness.real_shop import logged
from tests.harness.running_app import Finished, run_app, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

_ANA, _RUI = "+5573999548537", "+5573988887777"
_OTHER_KEY = "ff" * 32
_DATABASE = "coco-loko.db"


def _copies(option: str, file: Path, folder: Path, url: str = "", **variables: str) -> Finished:
    training = ("--simulated-whatsapp", url) if url else ()
    return run_app(option, str(file), "--data-dir", str(folder), *training, **variables)


def _refused(done: Finished) -> str:
    assert done.code == 2, (done.out, done.err)
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1
    return done.err


def _setting(database: Path, name: str) -> str | None:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return found and str(found[0])


@pytest.mark.requirement("Q4")
@pytest.mark.requirement("S2")
def test_restored_copy_repeats_no_message_and_phones_read_what_follows(
    tmp_path: Path,
) -> None:
    folder, copy = tmp_path / "loja", tmp_path / "copia.db"
    with simulator() as url:
        admin = AdminClient(url)
        people = [{"number": number, "mode": "strict"} for number in (_ANA, _RUI)]
        admin._ask("POST", "contacts", {"contacts": people})
        with headless_shop(folder, url) as talk:
            pair(talk, admin)
            talk.order(1, _ANA)
            talk.until(event="notification", state="read")
            talk.say("pause")
            waiting = talk.order(2, _ANA)
            made = _copies("--backup", copy, folder, url)
            assert (made.code, made.err) == (0, "")
            assert "Cópia de segurança feita" in made.out
            assert "já está aberto" in _refused(_copies("--restore", copy, folder, url))
            talk.say("resume")
            talk.until(event="notification", state="read", order_id=waiting)
            talk.order(3, _RUI)
            talk.until(event="notification", state="read")
        restored = _copies("--restore", copy, folder, url)
        assert (restored.code, restored.err) == (0, "")
        assert f"{_DATABASE}.replaced" in restored.out
        assert (folder / f"{_DATABASE}.replaced").exists()
        assert _setting(folder / _DATABASE, "restored_at")
        _goes_on(folder, url, admin, waiting)
        assert admin._ask("GET", "stats", None)["wire_repeats"] == 0
        assert admin._ask("GET", "messages", None)["undecryptable"] == 0


def _goes_on(folder: Path, url: str, admin: AdminClient, waiting: str) -> None:
    """What waited in the copy is for a person to decide; its customer is told of the next order after that."""
    with headless_shop(folder, url) as talk:
        talk.until_open()
        talk.say("resume")
        (doubted,) = [line for line in talk.heard if line.get("state") == "in_doubt"]
        assert (doubted["order_id"], doubted["reason"]) == (waiting, "restored")
        assert talk.say("stats")["by_state"]["in_doubt"] == 1
        assert talk.say("arrived", notification_id=doubted["notification_id"])["ok"]
        talk.order(4, _ANA)
        talk.until(event="notification", state="read")
        talk.order(5, _RUI)
        talk.until(event="notification", state="read")
    assert (shown(admin, _ANA), shown(admin, _RUI)) == ([1, 1, 1], [1, 1])
    assert not list(folder.glob(f"{_DATABASE}.*"))
    assert _setting(folder / _DATABASE, "restored_at") == ""
    # The ratchets that came with the copy were made anew.
    assert [entry["older_copy"] for entry in logged(folder, "version_differs")] == [True]


def _made(folder: Path) -> Path:
    assert run_app("--headless", "--data-dir", str(folder), given="").code == 0
    return folder


def test_what_keeps_a_copy_from_being_made_is_said_in_one_sentence(tmp_path: Path) -> None:
    folder, copy = _made(tmp_path / "loja"), tmp_path / "copia.db"
    assert "Não há banco de dados" in _refused(_copies("--backup", copy, tmp_path / "vazia"))
    assert "não pôde ser gravada" in _refused(_copies("--backup", tmp_path / "não há" / "c.db", folder))
    assert _copies("--backup", copy, folder, COCO_MASTER_KEY="").code == 0
    assert "Já existe" in _refused(_copies("--backup", copy, folder))
    assert "--backup" in _refused(_copies("--backup", Path(" "), folder))
    with closing(sqlite3.connect(folder / _DATABASE)) as connection, connection:
        connection.execute("INSERT OR REPLACE INTO settings VALUES ('erasing', 'yes')")
    assert "apagados agora" in _refused(_copies("--backup", tmp_path / "outra.db", folder))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copia.db", "loja"]


def _damaged(copy: Path, where: slice) -> Path:
    content = bytearray(copy.read_bytes())
    content[where] = b"\xff" * len(content[where])
    broken = copy.with_name("quebrada.db")
    broken.write_bytes(content)
    return broken


def test_a_copy_that_cannot_be_used_is_refused_and_the_database_stays(tmp_path: Path) -> None:
    folder, copy = _made(tmp_path / "loja"), tmp_path / "copia.db"
    assert _copies("--backup", copy, folder).code == 0
    before = (folder / _DATABASE).read_bytes()
    empty, text = tmp_path / "nada.db", tmp_path / "texto.db"
    empty.touch()
    text.write_text("isto não é um banco de dados" * 400)
    cut = tmp_path / "cortada.db"
    cut.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    for broken in (empty, text, cut, _damaged(copy, slice(4096, 12288)), _damaged(copy, slice(0, 100))):
        assert "danificado" in _refused(_copies("--restore", broken, folder)), broken.name
    assert "não existe" in _refused(_copies("--restore", tmp_path / "sumiu.db", folder))
    assert "não pôde ser lido" in _refused(_copies("--restore", tmp_path, folder))
    assert "A chave não abre" in _refused(_copies("--restore", copy, folder, COCO_MASTER_KEY=_OTHER_KEY))
    with simulator() as url:
        assert "é o da loja" in _refused(_copies("--restore", copy, tmp_path / "treino", url))
    assert (folder / _DATABASE).read_bytes() == before
    assert not list(folder.glob(f"{_DATABASE}.*"))
    _made(folder)


def test_a_copy_opens_on_a_computer_that_has_nothing_but_the_key(tmp_path: Path) -> None:
    folder, copy, new = _made(tmp_path / "loja"), tmp_path / "copia.db", tmp_path / "nova"
    assert _copies("--backup", copy, folder).code == 0
    assert _copies("--restore", copy, new).code == 0
    assert not (new / f"{_DATABASE}.replaced").exists()
    _made(new)
