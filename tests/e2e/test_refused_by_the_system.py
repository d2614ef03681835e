"""What the system refuses at the start is said in one sentence, with exit code 2 and no traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from tests.harness.plain_user import hiding, nameless_user, with_file_system
from tests.harness.running_app import MASTER_KEY, ROOT, Finished, run_app

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.requirement("Z6"),
    pytest.mark.skipif(sys.platform != "linux", reason="as Linux refuses"),
]

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
_HOMES = ("HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
_QUIT = '{"command":"quit"}\n'


def _refused(done: Finished) -> str:
    """The one sentence of a refusal."""
    assert (done.code, done.out) == (2, ""), (done.out, done.err)
    assert done.err.count("\n") == 1, done.err
    assert "Traceback" not in done.err
    return done.err


def _start(*arguments: str, without: tuple[str, ...] = (), **variables: str) -> Finished:
    return run_app("--headless", *arguments, given=_QUIT, without=without, **variables)


def test_start_is_refused_when_the_user_has_no_home() -> None:
    done = run_app("--headless", given=_QUIT, before=nameless_user(), without=_HOMES)
    assert "pasta pessoal" in _refused(done)
    assert "--data-dir" in done.err


@pytest.mark.parametrize("home", ["", "aqui"])
def test_start_is_refused_when_home_is_no_full_path(home: str) -> None:
    done = run_app("--headless", given=_QUIT, before=nameless_user(), without=("XDG_DATA_HOME",), HOME=home)
    assert "HOME com um caminho completo" in _refused(done)


def test_start_needs_no_home_when_the_folder_is_named(tmp_path: Path) -> None:
    named = ("--headless", "--data-dir", str(tmp_path))
    assert run_app(*named, given=_QUIT, before=nameless_user(), without=_HOMES).code == 0


@pytest.mark.parametrize("home", ["", "aqui"])
def test_start_needs_no_full_home_when_the_folder_is_named(tmp_path: Path, home: str) -> None:
    named = ("--headless", "--data-dir", str(tmp_path))
    for _ in range(2):
        done = run_app(*named, given=_QUIT, before=nameless_user(), without=_HOMES[1:], HOME=home)
        assert (done.code, done.err) == (0, "")


def test_start_without_home_or_keyring_says_where_a_key_may_be_kept(tmp_path: Path) -> None:
    done = run_app(
        *("--headless", "--data-dir", str(tmp_path)),
        given=_QUIT,
        before=nameless_user(),
        without=(*_HOMES, "COCO_MASTER_KEY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"),
    )
    assert "COCO_PASSPHRASE" in _refused(done)


@pytest.mark.parametrize("screen", ["DISPLAY=:77", "WAYLAND_DISPLAY=wayland-9", "QT_QPA_PLATFORM=xcb"])
def test_window_is_refused_when_its_screen_does_not_answer(tmp_path: Path, screen: str) -> None:
    name, _, value = screen.partition("=")
    without = tuple(other for other in _SCREENS if other != name)
    said = _refused(run_app("--data-dir", str(tmp_path), without=without, **{name: value}))
    assert f"A tela {screen} não responde" in said or "Faltam bibliotecas gráficas" in said
    assert "--headless" in said
    assert list(tmp_path.iterdir()) == []


def test_window_is_refused_when_qt_knows_no_such_platform(tmp_path: Path) -> None:
    done = run_app("--data-dir", str(tmp_path), QT_QPA_PLATFORM="nada")
    assert "não abre com QT_QPA_PLATFORM=nada" in _refused(done)


def test_window_is_refused_when_a_library_of_its_screen_is_missing(tmp_path: Path) -> None:
    library = Path(PySide6.__file__).with_name("Qt") / "lib" / "libQt6XcbQpa.so.6"
    done = run_app(
        *("--data-dir", str(tmp_path)),
        before=hiding(library),
        without=("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"),
        DISPLAY=":77",
    )
    assert "Faltam bibliotecas gráficas" in _refused(done)


def test_data_folder_is_refused_when_it_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run_app(
        "--headless",
        "--data-dir",
        str(tmp_path / "loja"),
        given=_QUIT,
        before=nameless_user(),
        without=_HOMES,
    )
    tmp_path.chmod(0o700)
    assert "você pode gravar" in _refused(done)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("ro", "protegido contra gravação"),
        ("size=4M", "Falta espaço no disco"),
        ("nr_inodes=1", "O disco está cheio"),
    ],
)
def test_data_folder_is_refused_when_its_disk_takes_nothing(tmp_path: Path, options: str, said: str) -> None:
    before = with_file_system(tmp_path, options)
    assert said in _refused(run_app("--headless", "--data-dir", str(tmp_path), given=_QUIT, before=before))


def test_data_folder_is_refused_when_a_file_stands_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "arquivo").touch()
    assert "há um arquivo com esse nome" in _refused(_start("--data-dir", str(tmp_path / "arquivo" / "loja")))


def test_data_folder_may_have_a_name_that_is_no_utf_8(tmp_path: Path) -> None:
    folder = os.fsdecode(os.fsencode(tmp_path) + b"/loja\xff")
    assert _start("--data-dir", folder).code == 0
    assert (Path(folder) / "coco-loko.db").exists()


def test_start_goes_well_when_the_locale_does_not_exist(tmp_path: Path) -> None:
    done = _start("--data-dir", str(tmp_path), LC_ALL="xx_YY.UTF-8", LANG="nada")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_start_goes_well_when_a_standard_stream_is_closed(tmp_path: Path, closed: str) -> None:
    before = ("sh", "-c", f'exec "$@" {closed}', "sh")
    done = run_app("--headless", "--data-dir", str(tmp_path), given=_QUIT, before=before)
    assert (done.code, done.err) == (0, "")


def _main_after(change: str, folder: Path) -> Finished:
    """The program, after `change` was done to its modules."""
    script = f"""
import sys
from pathlib import Path
import app.bootstrap as bootstrap
from app import paths
from app.cli import main
def fail(_): raise KeyError('Ana Souza')
{change}
sys.exit(main(['--headless', '--data-dir', sys.argv[1], *sys.argv[2:]]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=ROOT,
        env={**os.environ, "COCO_MASTER_KEY": MASTER_KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("bootstrap.run = fail", "envie o diagnóstico. (KeyError, <string>:"),
        ("paths.sentences = lambda _: Path('nada'); bootstrap.run = fail", "Falta uma parte do programa"),
        ("paths.default_templates = lambda: Path('nada.json')", "incompleta: nada.json"),
        ("paths.sidecar_bundle = lambda: Path('nada')", "o módulo do WhatsApp"),
    ],
)
def test_program_that_is_broken_ends_in_a_sentence(tmp_path: Path, change: str, said: str) -> None:
    told = _refused(_main_after(change, tmp_path))
    assert said in told
    assert "Ana" not in told


def test_screen_that_never_answers_is_waited_for_no_longer_than_said() -> None:
    script = "from app.ui.screen_probe import screen_problem as s; print(s(0.5))"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        display = f"127.0.0.1:{silent.getsockname()[1] - 6000}"
        environment = {name: value for name, value in os.environ.items() if name not in _SCREENS}
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**environment, "DISPLAY": display},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    assert done.stdout.strip() in ("unreachable", "libraries")


@pytest.mark.skipif(sys.platform != "linux", reason="the screen is tried where processes fork")
def test_screen_is_tried_while_the_window_is_loaded() -> None:
    """Also where loading fails, the child process that tries the screen is ended and awaited."""
    script = (
        "import os\nfrom app.ui.screen_probe import screen_problem\n"
        "print(screen_problem(meanwhile=lambda: print('loaded')))\n"
        "try: screen_problem(meanwhile=lambda: 1 / 0)\nexcept ZeroDivisionError: print('failed')\n"
        "try: os.waitpid(-1, os.WNOHANG)\nexcept ChildProcessError: print('no child')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.split("\n")[:4] == ["loaded", "None", "failed", "no child"]


def test_python_without_the_packages_is_refused_with_a_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-S", "main.py", "--headless"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "uv run main.py" in _refused(Finished(done.returncode, done.stdout, done.stderr))
