"""Build of the recorder, and reader of its journal."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from struct import Struct

_LINE = Struct("=c7xQQQ")


class Act(StrEnum):
    MADE = "c"
    FOLDER_MADE = "d"
    WRITTEN = "w"
    RESIZED = "t"
    FLUSHED = "s"
    RENAMED = "r"
    REMOVED = "u"
    SAID = "n"


@dataclass(frozen=True, slots=True)
class Line:
    """`at` is an offset, a size, or where the second path of a renaming begins."""

    act: Act
    inode: int
    at: int
    content: bytes

    @property
    def path(self) -> Path:
        return Path(os.fsdecode(self.content))

    @property
    def paths(self) -> tuple[Path, Path]:
        """From where to where."""
        return Path(os.fsdecode(self.content[: self.at])), Path(os.fsdecode(self.content[self.at + 1 :]))


def can_record() -> bool:
    return sys.platform == "linux" and shutil.which("cc") is not None


def built_recorder(folder: Path) -> Path:
    """Needs a C compiler."""
    made = folder / "recorder.so"
    source = Path(__file__).with_name("recorder.c")
    strict = ("-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror")
    subprocess.run(["cc", *strict, "-o", str(made), str(source)], check=True, timeout=60)
    return made


def recorded_environment(recorder: Path, journal: Path, folder: Path, said: int) -> Mapping[str, str]:
    """Return the environment that records changes below `folder` and words on descriptor `said`."""
    return {
        "LD_PRELOAD": str(recorder),
        "POWER_JOURNAL": str(journal),
        "POWER_FOLDER": str(folder),
        "POWER_SAID": str(said),
    }


def read_journal(path: Path, start: int = 0) -> tuple[list[Line], int]:
    """The lines from byte `start` on, and where the next will stand."""
    with path.open("rb") as file:
        file.seek(start)
        written = file.read()
    lines, place = [], 0
    while place < len(written):
        act, inode, at, length = _LINE.unpack_from(written, place)
        place += _LINE.size
        lines.append(Line(Act(act.decode()), inode, at, written[place : place + length]))
        place += length
    return lines, start + place
