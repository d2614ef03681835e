"""packaging/dev on simulated machines: its installs, messages and exit codes."""

import os
import select
import signal
from pathlib import Path

import pytest

from tests.simulators.bare_machine import BareMachine

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a script for Debian and Ubuntu")

INSTALL = "apt-get update && apt-get install -y --no-install-recommends python3 python3-venv"


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    return BareMachine(tmp_path)


@pytest.fixture
def without_python(machine: BareMachine) -> BareMachine:
    """A machine on which Python is missing, and apt-get brings it."""
    (machine.folder / "bin" / "python3").rename(machine.folder / "later" / "python3")
    return machine


def installed(machine: BareMachine) -> list[str]:
    """The packages that apt-get was told to install."""
    asked = [
        call.split() for call in machine.calls if call.startswith("apt-get") and "--assume-no" not in call
    ]
    return [word for words in asked if "install" in words for word in words[words.index("install") + 2 :]]


def test_dev_installs_missing_packages_when_root_runs_it(without_python: BareMachine) -> None:
    code, said = without_python.run("demo")
    assert (code, installed(without_python)) == (0, ["python3", "python3-venv"]), said
    assert "uv run --no-sync main.py --demo --headless" in without_python.calls


def test_dev_installs_through_sudo_when_it_asks_for_no_password(without_python: BareMachine) -> None:
    without_python.become("sudo")
    without_python.add("sudo", '[ "$1" = -n ] && shift && exec "$@"')
    code, said = without_python.run("demo")
    assert (code, installed(without_python)) == (0, ["python3", "python3-venv"]), said


@pytest.mark.parametrize(
    ("groups", "programs", "sentence"),
    [
        (["sudo"], ["sudo", "su"], f"Rode antes: sudo sh -c '{INSTALL}'"),
        (["users"], ["sudo", "su"], f"Rode antes, com a senha de root: su - -c '{INSTALL}'"),
        (["users"], ["su"], f"Rode antes, com a senha de root: su - -c '{INSTALL}'"),
        ([], [], f"Peça a quem administra este computador que rode, como root: {INSTALL}"),
    ],
    ids=["sudo with a password", "sudo of others", "su alone", "none of them"],
)
def test_dev_names_the_command_of_this_machine_when_it_may_not_install(
    without_python: BareMachine, groups: list[str], programs: list[str], sentence: str
) -> None:
    without_python.become(*groups)
    for program in programs:
        without_python.add(program, "exit 1")
    code, said = without_python.run("demo")
    assert (code, said) == (1, f"coco-balcao: falta instalar: python3 python3-venv. {sentence}\n")
    assert installed(without_python) == []


def test_dev_names_what_is_missing_when_there_is_no_apt(without_python: BareMachine) -> None:
    without_python.remove("apt-get")
    code, said = without_python.run("demo")
    assert code == 1
    assert said == "coco-balcao: falta instalar: python3 python3-venv. Este sistema não tem apt-get.\n"


def test_dev_names_every_missing_package_at_once(without_python: BareMachine) -> None:
    without_python.become()
    without_python.add("find", "exit 1")
    without_python.add("ldconfig")
    without_python.add("dpkg", "exit 1")
    without_python.remove("cc", "git", "objdump", "dbus-run-session", "Xvfb")
    _, demo = without_python.run("demo", DISPLAY=":0")
    _, test = without_python.run("test")
    for package in ("python3-venv", "libegl1", "libxcb-cursor0", "fonts-noto-color-emoji"):
        assert f" {package}" in demo
    for package in ("python3-venv", "libegl1", "dbus", "git", "binutils", "gcc", "libc6-dev", "python3-dev"):
        assert f" {package}" in test
    for package in ("xvfb", "libxcb-cursor0", "at-spi2-core", "python3-pyatspi"):
        assert f" {package}" in test
        assert package == "libxcb-cursor0" or package not in demo


def test_dev_asks_for_an_emoji_font_only_when_there_is_a_screen(machine: BareMachine) -> None:
    machine.add("find", "exit 1")
    machine.run("demo")
    assert installed(machine) == []
    machine.run("demo", DISPLAY=":0")
    assert "fonts-noto-color-emoji" in installed(machine)


def test_dev_installs_no_developer_tool_when_it_runs_the_demo(machine: BareMachine) -> None:
    code, said = machine.run("demo")
    syncs = [call for call in machine.calls if call.startswith("uv sync")]
    assert (code, len(syncs)) == (0, 2), said
    assert all("--no-dev --inexact" in call for call in syncs)
    assert not any("poe" in call for call in machine.calls)


def test_dev_installs_nothing_the_second_time(machine: BareMachine) -> None:
    machine.run("demo")
    machine.give_disk(1)
    before = len(machine.calls)
    assert machine.run("demo", "--json") == (0, "")
    assert not any(call.startswith("uv sync") and "--check" not in call for call in machine.calls[before:])


def test_dev_changes_nothing_when_the_disk_is_too_small(without_python: BareMachine) -> None:
    without_python.give_disk(700)
    code, said = without_python.run("demo")
    assert code == 1
    assert said.startswith(
        "coco-balcao: falta espaço no disco: em /casa há 700 MB livres, e são precisos 1300."
    )
    assert len(said.splitlines()) == 1
    assert installed(without_python) == []


def test_dev_says_how_far_it_is_every_five_seconds(machine: BareMachine) -> None:
    machine.add("sleep", 'echo beat >>"$MACHINE/beats"')
    machine.add(
        "uv",
        'case "$*" in *--check*) exit 1 ;; *--no-install-project*) ;; *) exit 0 ;; esac\n'
        'until [ "$(grep -c beat "$MACHINE/beats")" -ge 3 ]; do :; done',
    )
    code, said = machine.run("demo")
    assert code == 0
    assert [int(call.removeprefix("sleep ")) <= 5 for call in machine.calls if "sleep" in call]
    assert "passo 1 de 2: instalar as bibliotecas do programa (cerca de 560 MB)\n" in said
    assert "  já 0 de cerca de 560 MB, em 4 s\n" in said


def test_dev_shows_the_reason_when_a_step_fails(machine: BareMachine) -> None:
    machine.add("uv", 'case "$*" in *sync*) echo "no route to the packages" && exit 1 ;; esac')
    code, said = machine.run("demo")
    assert code == 1
    assert said.splitlines()[-2:] == [
        "no route to the packages",
        "coco-balcao: as bibliotecas não puderam ser instaladas; o motivo está logo acima.",
    ]


@pytest.mark.parametrize("task", ["demo", "test"])
def test_dev_ends_with_one_sentence_when_interrupted(machine: BareMachine, task: str) -> None:
    os.mkfifo(machine.folder / "began")
    began = os.open(machine.folder / "began", os.O_RDWR)
    machine.add(
        "uv", 'case "$*" in *--check*) exit 1 ;; *sync*) echo >"$MACHINE/began"; exec /bin/sleep 20 ;; esac'
    )
    with machine.start(task) as started:
        assert select.select([began], [], [], 10)[0]
        os.killpg(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=10)
    os.close(began)
    assert started.returncode == 130
    assert said.splitlines()[2:] == ["coco-balcao: interrompido; o mesmo comando continua de onde parou."]


def test_dev_tries_the_other_pythons_after_the_checks(machine: BareMachine) -> None:
    code, said = machine.run("test")
    asked = [call for call in machine.calls if " poe " in call]
    assert (code, asked) == (0, ["uv run --no-sync poe check", "uv run --no-sync poe pythons"]), said


@pytest.mark.parametrize("red", ["check", "pythons"])
def test_dev_test_is_red_when_one_of_its_parts_is(machine: BareMachine, red: str) -> None:
    machine.add("uv", f'case "$*" in *"poe {red}"*) exit 1 ;; esac')
    assert machine.run("test")[0] == 1


def test_dev_says_how_it_is_used_when_the_task_is_unknown(machine: BareMachine) -> None:
    code, said = machine.run("dmeo")
    assert (code, len(said.splitlines())) == (1, 1)
    assert "sh packaging/dev demo" in said
