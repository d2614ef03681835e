"""A shop's life from its first opening to a later program's day, and the moments at which the power may go."""

import random  # noqa: TID251 - see disk.py
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

from app.adapters.sqlite import migrating
from app.adapters.sqlite.revision import NEWEST
from app.bootstrap.database import DATABASE
from tests.harness.power.disk import WHOLE, Disk
from tests.harness.power.journal import Act, Line
from tests.harness.power.promises import Promise, as_text, held, said
from tests.harness.power.recorded_app import Day
from tests.harness.power.shop_process import ShopProcess

FOLDER: Final = Path("share", "loja")
"""Below a disk's root; made by the program, so that a cut may take it away."""
_WAL: Final = DATABASE + "-wal"


class Moment(StrEnum):
    """Activity of the shop at the cut."""

    MAKING = "making the database"
    COMMIT = "in a commit"
    SAID = "just after a word was given"
    CHECKPOINT = "in a checkpoint"
    SHEDDING = "cutting the log short"
    CLOSING = "closing"
    MIGRATING = "bringing the tables up to date"


_WORD: Final = "word"
_WORKING: Final = {_WORD: Moment.SAID, _WAL: Moment.COMMIT, DATABASE: Moment.CHECKPOINT}


@dataclass(frozen=True)
class Life:
    """`mornings` are the lines at which each day began, `evenings` those at which it was told to close."""

    root: Path
    lines: list[Line]
    mornings: tuple[int, ...]
    evenings: tuple[int, ...]
    passphrase: str | None

    @cached_property
    def moments(self) -> Mapping[Moment, list[int]]:
        """How many lines had been written down, in all possible ways."""
        found: dict[Moment, list[int]] = {moment: [] for moment in Moment}
        for place, name, shedding in self._touched():
            working = Moment.SHEDDING if shedding else _WORKING.get(name)
            if moment := self._outside_hours(place) or working:
                found[moment] += (place, place + 1)
        return found

    def _touched(self) -> Iterator[tuple[int, str, bool]]:
        """Each line's place, the file it touches, and whether the log was cut short and not flushed since."""
        names: dict[int, str] = {}
        shedding = False
        for place, line in enumerate(self.lines):
            if line.act is Act.MADE:
                names[line.inode] = line.path.name
            name = _WORD if line.act is Act.SAID else names.get(line.inode, "")
            if name == _WAL:
                shedding = line.act is Act.RESIZED or (shedding and line.act is not Act.FLUSHED)
            yield place, name, shedding

    def _outside_hours(self, place: int) -> Moment | None:
        """Before the first word of a day is given, and from the evening on."""
        days = zip(self.mornings, self.evenings, (*self.mornings[1:], len(self.lines)), strict=True)
        for (morning, evening, end), opening in zip(days, (Moment.MAKING, Moment.MIGRATING), strict=True):
            if morning <= place < self._first_words[morning]:
                return opening
            if evening <= place < end:
                return Moment.CLOSING
        return None

    @cached_property
    def _first_words(self) -> Mapping[int, int]:
        words = [place for place, line in enumerate(self.lines) if line.act is Act.SAID]
        return {morning: next(at for at in words if at >= morning) for morning in self.mornings}


def lived(process: ShopProcess, number: int, seed: int, acts: int) -> Life:
    """Two days, the second with a program that knows one revision more; every other shop has a passphrase."""
    root = process.disks / f"life-{number}"
    root.mkdir()
    disk = Disk(root)
    passphrase = f"senha {seed}" if number % 2 else None
    lines: list[Line] = []
    mornings, evenings = [], []
    for day, revisions in enumerate((None, str(later_revisions(process.work)))):
        mornings.append(len(lines))
        kept, name = as_text(spoken(lines)), f"{number}-{day}"
        wrong = process.open(Day(str(root / FOLDER), name, seed + day, acts, kept, revisions, passphrase))
        assert not wrong, wrong
        lines += process.lines()
        evenings.append(len(lines))
        disk.follow(lines[mornings[-1] :])
        check_mirrored(disk, process.work)
        process.close()
        lines += process.lines()
        disk.follow(lines[evenings[-1] :])
        check_mirrored(disk, process.work)
    return Life(root, lines, tuple(mornings), tuple(evenings), passphrase)


def spoken(lines: Iterable[Line]) -> list[Promise]:
    """The promises among them."""
    return held(each for line in lines if line.act is Act.SAID for each in said(line.content))


def check_mirrored(disk: Disk, work: Path) -> None:
    """The journal tells all: from it come the very files that are there, but for what mmap wrote.

    The program's own log is left out, because its thread may still be writing.
    """
    told = work / "mirrored"
    disk.leave(told, WHOLE, random.Random(0))  # noqa: S311
    assert _contents(told) == _contents(disk.root), "the recorder has missed something"
    shutil.rmtree(told)


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): b"" if path.name.endswith("-shm") else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".log"
    }


def later_revisions(work: Path) -> Path:
    """The product's revisions and one more, which builds the biggest table anew; made once."""
    place = work / "migrations"
    if not place.exists():
        shutil.copytree(Path(migrating.__file__).with_name("migrations"), place)
        later = Path(__file__).with_name("later_revision.txt").read_text("utf-8")
        (place / "versions" / "r9999_later.py").write_text(later.replace("NEWEST", NEWEST), "utf-8")
    return place
