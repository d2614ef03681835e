"""Everything that can be wrong at the start has its sentence, its exit code 2, and harms nothing."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.adapters.system.single_instance import SingleInstance
from tests.harness.running_app import MASTER_KEY, Finished, run_app, running_app, simulator

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

_OTHER_KEY = "ff" * 32


def _refused(done: Finished) -> str:
    assert done.code == 2, (done.out, done.err)
    assert "Traceback" not in done.err
    return done.err


def _start(folder: Path, *more: str, given: str = '{"command":"quit"}\n', **variables: str) -> Finished:
    return run_app("--headless", "--data-dir", str(folder), *more, given=given, **variables)


def _made(folder: Path) -> Path:
    assert _start(folder).code == 0
    return folder


def test_a_real_database_does_not_open_in_a_training_nor_the_reverse(tmp_path: Path) -> None:
    real, training = _made(tmp_path / "real"), tmp_path / "training"
    with simulator() as url:
        assert "é o da loja" in _refused(_start(real, "--simulated-whatsapp", url))
        assert _start(training, "--simulated-whatsapp", url).code == 0
    assert "é de treinamento" in _refused(_start(training))


def test_a_wrong_key_is_refused_and_no_new_one_is_made(tmp_path: Path) -> None:
    folder = _made(tmp_path / "d")
    before = (folder / "coco-loko.db").read_bytes()
    assert "A chave não abre" in _refused(_start(folder, COCO_MASTER_KEY=_OTHER_KEY))
    assert (folder / "coco-loko.db").read_bytes() == before
    assert _start(folder).code == 0


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    assert "forma de uma chave" in _refused(_start(tmp_path, COCO_MASTER_KEY="senha"))


def test_a_lost_key_file_is_missed_and_never_replaced(tmp_path: Path) -> None:
    with simulator() as url:
        again = ("--simulated-whatsapp", url)
        assert _start(tmp_path, *again, COCO_MASTER_KEY="").code == 0
        (tmp_path / "training.key").unlink()
        assert "chave deste banco" in _refused(_start(tmp_path, *again, COCO_MASTER_KEY=""))
    assert not (tmp_path / "training.key").exists()


def test_an_unreadable_database_is_left_as_it_is(tmp_path: Path) -> None:
    broken = tmp_path / "coco-loko.db"
    broken.write_bytes(b"isto nao e um banco de dados" * 400)
    assert "não é um banco de dados" in _refused(_start(tmp_path))
    assert broken.read_bytes() == b"isto nao e um banco de dados" * 400


@pytest.mark.requirement("Z6")
def test_a_vanished_database_is_missed_and_begun_anew_only_on_purpose(tmp_path: Path) -> None:
    folder = _made(tmp_path)
    (folder / "coco-loko.db").unlink()
    assert "não está mais na pasta de dados" in _refused(_start(folder))
    assert not (folder / "coco-loko.db").exists()
    assert _start(folder, "--new-database").code == 0
    assert _start(folder).code == 0


@pytest.mark.requirement("Z6")
def test_an_order_is_not_called_kept_when_the_database_was_moved(tmp_path: Path) -> None:
    order = {"id": 2, "command": "order", "order_id": str(UUID(int=1)), "number": 1, "name": "Ana"}
    with running_app("--headless", "--data-dir", str(tmp_path)) as app:
        assert _answer(app, {"id": 1, "command": "stats"})["ok"]
        (tmp_path / "coco-loko.db").rename(tmp_path / "away.db")
        answer = _answer(app, order)
        assert (answer["ok"], answer["error"]) == (False, "database_unreadable")
        assert answer["sentence"].startswith("O banco de dados foi apagado, trocado ou movido")
        (tmp_path / "away.db").rename(tmp_path / "coco-loko.db")
        assert _answer(app, order)["ok"]
        assert _answer(app, {"id": 3, "command": "quit"})["ok"]
        assert app.wait(20) == 0


def _answer(app: "subprocess.Popen[str]", command: dict[str, object]) -> dict[str, Any]:
    """What is answered to one command; events are passed over."""
    assert app.stdin
    assert app.stdout
    app.stdin.write(json.dumps(command) + "\n")
    app.stdin.flush()
    answers = (json.loads(line) for line in app.stdout)
    return next(answer for answer in answers if answer.get("id") == command["id"])


def test_a_data_folder_in_use_is_refused(tmp_path: Path) -> None:
    with SingleInstance(tmp_path):
        assert "já está aberto" in _refused(_start(tmp_path))


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("x")
    assert "pasta de dados não pode" in _refused(_start(tmp_path / "f"))


@pytest.mark.parametrize(
    "url", ["ws://10.0.0.1:80/ws/chat", "wss://127.0.0.1/ws/chat", "http://x", "ws://127.0.0.1:x"]
)
def test_a_training_speaks_to_this_computer_alone(tmp_path: Path, url: str) -> None:
    assert "só fala com este computador" in _refused(_start(tmp_path, "--simulated-whatsapp", url))


def test_a_port_at_which_nobody_answers_is_named(tmp_path: Path) -> None:
    nobody = "ws://127.0.0.1:9/ws/chat"
    assert "Nada atende nesta porta" in _refused(_start(tmp_path, "--simulated-whatsapp", nobody))


def test_a_bad_setting_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    said = _refused(_start(tmp_path, MESSAGE_QUEUE_BATCH_SIZE="500"))
    assert all(part in said for part in ("MESSAGE_QUEUE_BATCH_SIZE", "500", "1 a 50"))


def test_an_area_code_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert "SHOP_AREA_CODE não aceita o valor “29”" in _refused(_start(tmp_path, SHOP_AREA_CODE="29"))


@pytest.mark.requirement("Z7")
def test_a_name_in_the_settings_file_is_refused_when_it_is_nearly_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("PACE_PER_MINUT = 5\n")
    assert "Se é PACE_PER_MINUTE, corrija o nome" in _refused(_start(tmp_path))
    (tmp_path / "config.toml").write_text("COR = 5\n")
    done = _start(tmp_path)
    assert (done.code, "COR, que este programa não conhece" in done.err) == (0, True)


def test_start_distinguishes_a_key_file_missing_open_to_others_or_a_folder(tmp_path: Path) -> None:
    file, only = tmp_path / "chave", {"COCO_MASTER_KEY": "", "COCO_KEY_FILE": str(tmp_path / "chave")}
    assert "não existe" in _refused(_start(tmp_path / "d", **only))
    file.write_text(MASTER_KEY)
    file.chmod(0o644)
    assert "chmod 600" in _refused(_start(tmp_path / "d", **only))
    assert "não pôde ser lido" in _refused(
        _start(tmp_path / "d", COCO_MASTER_KEY="", COCO_KEY_FILE=str(tmp_path))
    )


def test_a_passphrase_that_is_no_text_is_refused(tmp_path: Path) -> None:
    said = _refused(_start(tmp_path, COCO_MASTER_KEY="", COCO_PASSPHRASE=os.fsdecode(b"\xff\xfe")))
    assert "COCO_PASSPHRASE" in said


def test_a_data_folder_without_a_name_is_refused() -> None:
    assert "--data-dir" in _refused(run_app("--headless", "--data-dir", ""))


def test_a_path_that_is_too_long_for_a_database_is_said_to_be(tmp_path: Path) -> None:
    long = tmp_path.joinpath(*("x" * 150,) * 4)
    assert "longo demais" in _refused(_start(long))


@pytest.mark.parametrize("arguments", [("--orders", "0"), ("--orders", "muitos"), ("--nada",)])
def test_a_bad_argument_is_refused_in_portuguese(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    said = _refused(_start(tmp_path, *arguments))
    assert "aceit" in said.lower() or "Opção" in said


def test_bad_commands_are_answered_and_the_program_goes_on(tmp_path: Path) -> None:
    lines = ["isto não é json", '{"command":"voar"}', '{"id":3,"command":"stats"}', '{"command":"quit"}']
    done = _start(tmp_path, given="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.out.splitlines() if '"event"' not in line]
    assert [answer["ok"] for answer in answers] == [False, False, True, True]
    assert answers[0]["sentence"].startswith("Comando desconhecido")
    assert done.code == 0


def test_the_end_of_stdin_ends_the_program(tmp_path: Path) -> None:
    assert _start(tmp_path, given="").code == 0


def test_the_master_key_of_these_tests_is_one() -> None:
    assert len(bytes.fromhex(MASTER_KEY)) == 32
