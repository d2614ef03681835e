"""Recorded program as a child process: a day is requested, run, and closed."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.harness.power.journal import Line, built_recorder, read_journal, recorded_environment
from tests.harness.power.recorded_app import Day, ask

_PATIENCE_S: Final = 60


@dataclass
class ShopProcess:
    """Child process whose changes below `disks` are recorded."""

    child: "subprocess.Popen[bytes]"
    work: Path
    is_open: bool = False
    place: int = 0

    @property
    def disks(self) -> Path:
        return self.work / "disks"

    def open(self, day: Day) -> list[str]:
        """Run the day to its end; return the faults found in the morning."""
        self.lines()
        self._say(ask(day))
        wrong: list[str] = json.loads(self._answer())
        self.is_open = not wrong
        return wrong

    def close(self) -> None:
        """Close the shop, where it stands open."""
        if self.is_open:
            self._say(b"\n")
        assert self._answer() == b"closed\n"

    def lines(self) -> list[Line]:
        """Return the journal since the last call, or since the day began."""
        lines, self.place = read_journal(self.work / "journal", self.place)
        return lines

    def _say(self, words: bytes) -> None:
        assert self.child.stdin
        self.child.stdin.write(words)
        self.child.stdin.flush()

    def _answer(self) -> bytes:
        assert self.child.stdout
        ready, _, _ = select.select([self.child.stdout], [], [], _PATIENCE_S)
        assert ready, "the shop does not answer"
        return self.child.stdout.readline()


@contextmanager
def shop_process(work: Path, *, careless: bool = False) -> Iterator[ShopProcess]:
    """Below `work`; `careless` is a shop that does without full synchronisation."""
    disks, journal = work / "disks", work / "journal"
    disks.mkdir()
    journal.touch()
    words = os.open(os.devnull, os.O_WRONLY)
    recording = recorded_environment(built_recorder(work), journal, disks, words)
    command = [sys.executable, "-m", "tests.harness.power.recorded_app", *["--careless"] * careless]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,  # what lay in a buffer would be seen by no select
        pass_fds=(words,),
        env={**os.environ, **recording},
    ) as child:
        os.close(words)
        try:
            yield ShopProcess(child, work)
        finally:
            child.kill()
