"""Real program in its own process, beside a simulated WhatsApp that outlives it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from app import paths
from app.adapters.whatsapp.node_command import installed_node
from tests.harness.process_ends import running_after

ROOT = Path(__file__).parents[2]
MASTER_KEY = "00112233445566778899aabbccddeeff" * 2
_PATIENCE = 90
_ENDS_WITHIN = 10


@contextmanager
def simulator() -> Iterator[str]:
    """Its websocket address; it ends with the block, or with us."""
    command = [str(installed_node()), str(paths.simulator_bundle()), "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield str(json.loads(child.stdout.readline())["ws"])
        child.stdin.close()


@dataclass(frozen=True, slots=True)
class Finished:
    code: int
    out: str
    err: str

    @property
    def summary(self) -> dict[str, Any]:
        """The last line on stdout."""
        found: dict[str, Any] = json.loads(self.out.splitlines()[-1])
        return found


def run_app(
    *arguments: str,
    given: str = "",
    before: Sequence[str] = (),
    without: Sequence[str] = (),
    **variables: str,
) -> Finished:
    """Run the program to its end; `before` is put before the command, `without` names variables that are unset."""
    environment = _environment(variables)
    done = subprocess.run(
        [*before, *_command(arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        env={name: value for name, value in environment.items() if name not in without},
        cwd=ROOT,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def kill_app_when(count: int, word: str, *arguments: str, **variables: str) -> list[psutil.Process]:
    """Start the program and SIGKILL it at the `count`-th line with `word`; return the children that outlive it."""
    with tempfile.TemporaryFile() as unread:
        child = subprocess.Popen(
            _command(arguments),
            stdin=subprocess.PIPE,
            stdout=unread,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(variables),
            cwd=ROOT,
        )
        assert child.stderr is not None
        seen = 0
        for line in child.stderr:
            seen += word in line
            if seen == count:
                break
        assert seen == count, "the program ended before it could be killed"
        family = psutil.Process(child.pid).children(recursive=True)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate(timeout=_ENDS_WITHIN)
    assert family, "the program had no child that could have outlived it"
    return running_after(family, _ENDS_WITHIN)


@contextmanager
def running_app(*arguments: str, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    """The program with all three pipes; made sure to be gone at the end."""
    with subprocess.Popen(
        _command(arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(variables),
        cwd=ROOT,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()


def sidecars_of(child: "subprocess.Popen[str]") -> list[psutil.Process]:
    family = psutil.Process(child.pid).children(recursive=True)
    return [one for one in family if any("sidecar.mjs" in part for part in one.cmdline())]


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "main.py", *arguments]


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    return {**os.environ, "COCO_MASTER_KEY": MASTER_KEY, "PYTHONUNBUFFERED": "1", **variables}
