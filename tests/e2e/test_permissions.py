"""Owners and modes of the program's files, for a user without privileges: made private, refused by name."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from stat import S_IMODE

import pytest

from app.bootstrap.database import DATABASE
from app.config import CONFIG_FILE
from tests.harness.plain_user import nameless_user
from tests.harness.running_app import MASTER_KEY, Finished, run_app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.requirement("X3"),
    pytest.mark.skipif(sys.platform != "linux", reason="as Linux refuses"),
]

_QUIT = '{"command":"quit"}\n'
_SOMEBODY = 54321


def _start(folder: Path, *options: str, before: tuple[str, ...] = (), **variables: str) -> Finished:
    return run_app(
        *(options or ("--headless",)),
        *("--data-dir", str(folder)),
        given=_QUIT,
        before=(*before, *nameless_user()),
        **variables,
    )


@pytest.fixture(scope="module")
def closed_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder as the program left it, to be copied."""
    folder = tmp_path_factory.mktemp("shop") / "loja"
    done = _start(folder)
    assert (done.code, done.err) == (0, "")
    return folder


def _open_modes(folder: Path) -> dict[str, str]:
    """Return the files that others may touch."""
    modes = {file: S_IMODE(file.stat().st_mode) for file in [folder, *folder.rglob("*")]}
    return {str(file): oct(mode) for file, mode in modes.items() if mode & 0o077}


def test_files_of_the_program_are_for_their_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    folder, copy = tmp_path / "loja", tmp_path / "copia.db"
    without_mask = ("sh", "-c", 'umask 000; exec "$@"', "sh")
    protected = {"COCO_MASTER_KEY": "", "COCO_PASSPHRASE": "açaí na tigela"}
    for options in ((), ("--backup", str(copy)), ("--restore", str(copy)), ()):
        done = _start(folder, *options, before=without_mask, **protected)
        assert (done.code, done.err) == (0, "")
    made = {file.name for file in folder.rglob("*")}
    assert {DATABASE, "logs", "balcao.log"} <= made
    assert _open_modes(folder) == {}
    assert S_IMODE(copy.stat().st_mode) == 0o600


def _give(name: str, mode: int = 0o600) -> Callable[[Path], None]:
    """Give a file of the shop to another user."""

    def give(folder: Path) -> None:
        file = folder / name
        if not file.exists():
            file.touch()
        os.chmod(file, mode)  # noqa: PTH101 - beside chown
        os.chown(file, _SOMEBODY, _SOMEBODY)

    return give


def _close(name: str, mode: int) -> Callable[[Path], None]:
    def close(folder: Path) -> None:
        (folder / name).touch()
        (folder / name).chmod(mode)

    return close


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_give(".", 0o700), "você pode gravar"),
        (_give(".", 0o555), "você pode gravar"),
        (_give(DATABASE), "Este usuário não pode gravar no banco de dados"),
        (_give(DATABASE, 0o644), "Este usuário não pode gravar no banco de dados"),
        (_give(f"{DATABASE}-wal"), "Este usuário não pode gravar no banco de dados"),
        (_give(CONFIG_FILE), CONFIG_FILE),
        (_close(CONFIG_FILE, 0o000), CONFIG_FILE),
        (_give("logs", 0o700), "O registro do programa não pode ser gravado"),
        (_give("logs/balcao.log"), "O registro do programa não pode ser gravado"),
        (_close("logs/balcao.log", 0o000), "O registro do programa não pode ser gravado"),
        (_close(DATABASE, 0o000), "Este usuário não pode gravar no banco de dados"),
    ],
)
def test_start_names_the_file_of_another_owner(
    closed_shop: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    folder = shutil.copytree(closed_shop, tmp_path / "loja")
    spoil(folder)
    done = _start(folder)
    os.chown(folder, 0, 0)
    assert "Traceback" not in done.err
    assert said in done.err
    assert done.code == 2, done.err


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    ("owner", "mode", "said"),
    [
        (_SOMEBODY, 0o600, "O arquivo da chave não pôde ser lido"),
        (_SOMEBODY, 0o644, "O arquivo da chave pode ser lido por outras pessoas"),
        (0, 0o000, "O arquivo da chave não pôde ser lido"),
        (0, 0o640, "O arquivo da chave pode ser lido por outras pessoas"),
        (0, 0o400, ""),
    ],
)
def test_start_names_a_key_file_of_the_wrong_owner_or_mode(
    tmp_path: Path, owner: int, mode: int, said: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    key = tmp_path / "chave"
    key.write_text(MASTER_KEY)
    key.chmod(mode)
    shutil.chown(key, owner, owner)
    done = _start(tmp_path / "loja", COCO_MASTER_KEY="", COCO_KEY_FILE=str(key))
    assert said in done.err
    assert done.code == (2 if said else 0), done.err


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize("owner", [0, _SOMEBODY])
def test_backup_names_a_folder_that_it_may_not_write(closed_shop: Path, tmp_path: Path, owner: int) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    folder, target = closed_shop, tmp_path / "copias"
    target.mkdir(mode=0o500)
    os.chown(target, owner, owner)
    done = _start(folder, "--backup", str(target / "copia.db"))
    assert (done.code, "Traceback" in done.err) == (2, False)
    assert done.err.count("\n") == 1
    assert list(target.iterdir()) == []
