"""A machine made of stub programs, on which packaging/dev runs without touching the real one."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.tracked_files import ROOT

_REAL = ("awk", "cat", "cp", "dirname", "env", "grep", "mktemp", "rm", "sh", "tail", "touch", "true")
_SCRIPTS = ("dev", "dev_packages.sh", "dev_steps.sh")
# Nothing is installed until `uv sync` has run without --check.
_UV = """
case "$*" in
*--check*) [ -e "$MACHINE/synced" ] ;;
"sync --no-dev --inexact" | sync) touch "$MACHINE/synced" uv.lock ;;
esac
"""
_PYTHON = """
case "$*" in *executable*) echo "$MACHINE/bin/python3" ;; *version_info\\[*) echo python3.13-venv ;; esac
"""


@dataclass(frozen=True)
class BareMachine:
    """`bin` is its whole PATH, `later` holds what its apt-get installs, `calls` what was run."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("bin", "later", "home", "project/packaging"):
            (self.folder / name).mkdir(parents=True)
        for script in _SCRIPTS:
            shutil.copy(ROOT / "packaging" / script, self.folder / "project" / "packaging")
        for program in _REAL:
            real = shutil.which(program)
            assert real is not None, program
            (self.folder / "bin" / program).symlink_to(real)
        self.add("id", "case $1 in -u) echo 0 ;; *) echo root ;; esac")
        self.add("uv", _UV)
        self.add("python3", _PYTHON)
        self.add("sleep", "exec /bin/sleep 4")
        self.add("find", "echo NotoColorEmoji.ttf")
        self.add("dpkg", "echo Status: install ok installed")
        self.add("apt-get", 'case "$*" in *" install "*) cp -P "$MACHINE"/later/* "$MACHINE/bin/" ;; esac')
        self.give_disk(99_000)
        # The script's own list: every library that it looks for is there.
        self.add("ldconfig", "cat packaging/dev_packages.sh")
        for name in (
            "cc",
            "dbus-run-session",
            "gnome-keyring-daemon",
            "git",
            "objdump",
            "mmdebstrap",
            "Xvfb",
        ):
            self.add(name)

    @property
    def calls(self) -> list[str]:
        written = self.folder / "calls"
        return written.read_text("utf-8").splitlines() if written.exists() else []

    def add(self, program: str, script: str = "", *, to: str = "bin") -> None:
        """Write the stub; each of its calls is written down."""
        path = self.folder / to / program
        path.write_text(f'#!/bin/sh\necho "{program} $*" >>"$MACHINE/calls"\n{script}\n', "utf-8")
        path.chmod(0o755)

    def remove(self, *programs: str) -> None:
        for program in programs:
            (self.folder / "bin" / program).unlink()

    def give_disk(self, megabytes: int) -> None:
        row = f"/dev/sda1 1 1 {megabytes * 1024} 1% /casa"
        self.add(
            "df", f"echo Filesystem 1024-blocks Used Available Capacity Mounted on\necho {row}\necho {row}"
        )

    def become(self, *groups: str) -> None:
        """Be an ordinary account in these groups."""
        self.add("id", f"case $1 in -u) echo 1000 ;; *) echo ana {' '.join(groups)} ;; esac")

    def start(self, *arguments: str, **variables: str) -> "subprocess.Popen[str]":
        """Start packaging/dev in a process group of its own."""
        inherited = {"MACHINE": str(self.folder), "PATH": str(self.folder / "bin"), "LANG": "C.UTF-8"}
        # Tests that a shell runs in the background ignore Ctrl+C, and so would what they start.
        former = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            return subprocess.Popen(
                ["/bin/sh", str(self.folder / "project" / "packaging" / "dev"), *arguments],
                env={**inherited, "HOME": str(self.folder / "home"), **variables},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                cwd=os.sep,
                start_new_session=True,
            )
        finally:
            signal.signal(signal.SIGINT, former)

    def run(self, *arguments: str, **variables: str) -> tuple[int, str]:
        """Return the exit code and what the person reads."""
        with self.start(*arguments, **variables) as started:
            _, said = started.communicate(timeout=30)
        return started.returncode, said
