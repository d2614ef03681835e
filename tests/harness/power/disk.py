"""A disk that loses what was not flushed when the power goes.

A flush of a file makes its content and size last; that its name lasts takes a flush of its folder. Of everything else
each change may have arrived or not, in any order; a write may arrive in part, sector by sector; a sector that was being
written may hold anything. Bytes beside those being written stay as they are, and a renaming is whole or not at all.
"""

import random  # noqa: TID251 - which writes arrive is chance, from a seed
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.harness.power.journal import Act, Line

SECTOR: Final = 512


@dataclass(frozen=True, slots=True)
class Luck:
    """How likely a change that was not flushed has arrived, a sector of an arriving write is lost, or is garbage."""

    arrives: float
    torn: float = 0.0
    garbage: float = 0.0


WHOLE: Final = Luck(arrives=1.0)
NOTHING: Final = Luck(arrives=0.0)


@dataclass(frozen=True, slots=True)
class Write:
    at: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    size: int


@dataclass(eq=False, slots=True)
class File:
    lasting: bytearray = field(default_factory=bytearray)
    pending: list[Write | Resize] = field(default_factory=list)

    def flush(self) -> None:
        for change in self.pending:
            _change(self.lasting, change)
        self.pending.clear()

    def after(self, luck: Luck, chance: random.Random) -> bytearray:
        """The content that a cut may leave."""
        content = bytearray(self.lasting)
        for change in self.pending:
            if chance.random() < luck.arrives:
                for part in _arriving(change, luck, chance):
                    _change(content, part)
        return content


@dataclass(eq=False, slots=True)
class Folder:
    lasting: "dict[str, File | Folder]" = field(default_factory=dict)
    pending: "list[tuple[str, str | None, File | Folder | None]]" = field(default_factory=list)
    """A name, where it came from if it is a new one of something known, and what it names from now on."""

    @property
    def now(self) -> "dict[str, File | Folder]":
        return self.after(WHOLE, random.Random(0))  # noqa: S311

    def flush(self) -> None:
        self.lasting = self.now
        self.pending.clear()

    def after(self, luck: Luck, chance: random.Random) -> "dict[str, File | Folder]":
        """The names that a cut may leave."""
        names = dict(self.lasting)
        for name, former, named in self.pending:
            if chance.random() >= luck.arrives:
                continue
            if former:
                names.pop(former, None)
            names.pop(name, None)
            if named:
                names[name] = named
        return names


class Disk:
    """Empty below `root`, which is there for good."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._top = Folder()
        self._nodes: dict[int, File | Folder] = {root.stat().st_ino: self._top}

    @classmethod
    def found(cls, root: Path) -> "Disk":
        """What lies there already lasts."""
        disk = cls(root)
        disk._find(root, disk._top)
        return disk

    def follow(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._take(line)

    def leave(self, target: Path, luck: Luck, chance: random.Random) -> None:
        """Make the folder `target` what a cut now may leave of the disk."""
        _lay_out(self._top, target, luck, chance)

    def _take(self, line: Line) -> None:
        match line.act:
            case Act.MADE | Act.FOLDER_MADE:
                made = self._nodes[line.inode] = File() if line.act is Act.MADE else Folder()
                self._folder(line.path).pending.append((line.path.name, None, made))
            case Act.WRITTEN:
                self._file(line.inode).pending.append(Write(line.at, line.content))
            case Act.RESIZED:
                self._file(line.inode).pending.append(Resize(line.at))
            case Act.FLUSHED if line.inode in self._nodes:  # a folder above the root may be flushed too
                self._nodes[line.inode].flush()
            case Act.REMOVED:
                self._folder(line.path).pending.append((line.path.name, None, None))
            case Act.RENAMED:
                self._rename(*line.paths)

    def _rename(self, source: Path, target: Path) -> None:
        """From one folder to another would be two changes; nobody does that here."""
        folder = self._folder(source)
        assert folder is self._folder(target), "a renaming between folders is not known here"
        folder.pending.append((target.name, source.name, folder.now[source.name]))

    def _file(self, inode: int) -> File:
        node = self._nodes[inode]
        assert isinstance(node, File)
        return node

    def _folder(self, path: Path) -> Folder:
        """The one that `path` lies in."""
        folder: File | Folder = self._top
        for part in path.relative_to(self.root).parts[:-1]:
            assert isinstance(folder, Folder)
            folder = folder.now[part]
        assert isinstance(folder, Folder)
        return folder

    def _find(self, path: Path, folder: Folder) -> None:
        for inner in path.iterdir():
            made = Folder() if inner.is_dir() else File(bytearray(inner.read_bytes()))
            folder.lasting[inner.name] = self._nodes[inner.stat().st_ino] = made
            if isinstance(made, Folder):
                self._find(inner, made)


def _lay_out(folder: Folder, target: Path, luck: Luck, chance: random.Random) -> None:
    target.mkdir(mode=0o700)
    for name, node in folder.after(luck, chance).items():
        if isinstance(node, Folder):
            _lay_out(node, target / name, luck, chance)
        else:
            (target / name).touch(mode=0o600)
            (target / name).write_bytes(node.after(luck, chance))


def _change(content: bytearray, change: Write | Resize) -> None:
    if isinstance(change, Resize):
        _grow(content, change.size)
        del content[change.size :]
    else:
        _grow(content, change.at)
        content[change.at : change.at + len(change.content)] = change.content


def _arriving(change: Write | Resize, luck: Luck, chance: random.Random) -> Iterator[Write | Resize]:
    """The parts of a change that get there."""
    if isinstance(change, Resize) or not luck.torn + luck.garbage:
        yield change
        return
    end = change.at + len(change.content)
    starts = [change.at, *range((change.at // SECTOR + 1) * SECTOR, end, SECTOR)]
    for start, stop in zip(starts, [*starts[1:], end], strict=True):
        if chance.random() < luck.torn:
            continue
        garbled = chance.random() < luck.garbage
        piece = change.content[start - change.at : stop - change.at]
        yield Write(start, chance.randbytes(stop - start) if garbled else piece)


def _grow(content: bytearray, size: int) -> None:
    content.extend(bytes(max(size - len(content), 0)))
