"""The disk that loses what was not flushed, told by hand what was written."""

import random  # noqa: TID251 - from a seed
from pathlib import Path

import pytest

from tests.harness.power.disk import NOTHING, SECTOR, WHOLE, Disk, Luck
from tests.harness.power.journal import Act, Line

FILE, OTHER, INNER = 1, 2, 3


class Told:
    """A disk whose journal a test tells."""

    def __init__(self, folder: Path) -> None:
        self.root, self.left = folder / "root", folder / "left"
        self.root.mkdir()
        self.disk = Disk(self.root)
        self.top = self.root.stat().st_ino

    def __call__(self, act: Act, inode: int = 0, content: str = "", at: int = 0) -> None:
        self.disk.follow([Line(act, inode, at, content.encode())])

    def made(self, inode: int, name: str, act: Act = Act.MADE) -> None:
        self(act, inode, str(self.root / name))

    def after(self, luck: Luck, seed: int = 0) -> dict[str, bytes]:
        target = self.left / f"{seed}"
        self.left.mkdir(exist_ok=True)
        self.disk.leave(target, luck, random.Random(seed))  # noqa: S311
        files = [path for path in target.rglob("*") if path.is_file()]
        return {path.relative_to(target).as_posix(): path.read_bytes() for path in files}


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path)


def test_what_was_flushed_lasts_once_its_name_does(told: Told) -> None:
    told.made(FILE, "a")
    told(Act.WRITTEN, FILE, "kept")
    told(Act.FLUSHED, FILE)
    assert told.after(NOTHING, 1) == {}
    told(Act.FLUSHED, told.top)
    told(Act.WRITTEN, FILE, "lost", 4)
    assert told.after(NOTHING, 2) == {"a": b"kept"}
    assert told.after(WHOLE, 3) == {"a": b"keptlost"}


def test_a_folder_that_was_not_flushed_above_takes_everything_along(told: Told) -> None:
    told.made(INNER, "inner", Act.FOLDER_MADE)
    told.made(FILE, "inner/a")
    told(Act.FLUSHED, FILE)
    told(Act.FLUSHED, INNER)
    assert told.after(NOTHING, 1) == {}
    told(Act.FLUSHED, told.top)
    assert told.after(NOTHING, 2) == {"inner/a": b""}


def test_a_renaming_is_whole_or_not_at_all(told: Told) -> None:
    for inode, name in ((FILE, "a"), (OTHER, "a.new")):
        told.made(inode, name)
        told(Act.WRITTEN, inode, name)
        told(Act.FLUSHED, inode)
    told(Act.FLUSHED, told.top)
    source, target = str(told.root / "a.new"), str(told.root / "a")
    told(Act.RENAMED, content=f"{source}\0{target}", at=len(source))
    outcomes = [told.after(Luck(arrives=0.5), seed) for seed in range(20)]
    assert {frozenset(files.items()) for files in outcomes} == {
        frozenset({("a", b"a"), ("a.new", b"a.new")}),
        frozenset({("a", b"a.new")}),
    }


def test_a_removal_that_was_not_flushed_may_be_undone(told: Told) -> None:
    told.made(FILE, "a")
    told(Act.FLUSHED, told.top)
    told(Act.REMOVED, content=str(told.root / "a"))
    assert told.after(NOTHING, 1) == {"a": b""}
    assert told.after(WHOLE, 2) == {}


def test_unflushed_changes_arrive_in_any_order(told: Told) -> None:
    told.made(FILE, "a")
    told(Act.FLUSHED, told.top)
    told(Act.WRITTEN, FILE, "1")
    told(Act.WRITTEN, FILE, "2", 1)
    told(Act.RESIZED, FILE, at=3)
    outcomes = {told.after(Luck(arrives=0.5), seed)["a"] for seed in range(60)}
    assert outcomes == {b"", b"1", b"12", b"\x002", b"\0\0\0", b"1\0\0", b"\x002\0", b"12\0"}


def test_a_write_tears_between_sectors_and_leaves_what_lies_beside_it(told: Told) -> None:
    told.made(FILE, "a")
    told(Act.WRITTEN, FILE, "." * 3 * SECTOR)
    told(Act.FLUSHED, FILE)
    told(Act.FLUSHED, told.top)
    told(Act.WRITTEN, FILE, "x" * (SECTOR + 20), SECTOR - 10)
    outcomes = {told.after(Luck(arrives=1, torn=0.5), seed)["a"] for seed in range(60)}
    pieces = [(SECTOR - 10, SECTOR), (SECTOR, 2 * SECTOR), (2 * SECTOR, 2 * SECTOR + 10)]
    assert len(outcomes) == 2 ** len(pieces)
    for content in outcomes:
        assert all(len(set(content[start:stop])) == 1 for start, stop in pieces)
        assert set(content[: SECTOR - 10] + content[2 * SECTOR + 10 :]) == {ord(".")}


def test_garbage_stays_within_what_was_being_written(told: Told) -> None:
    told.made(FILE, "a")
    told(Act.WRITTEN, FILE, "." * 30)
    told(Act.FLUSHED, FILE)
    told(Act.FLUSHED, told.top)
    told(Act.WRITTEN, FILE, "x" * 10, 10)
    content = told.after(Luck(arrives=1, garbage=1))["a"]
    assert (content[:10], content[20:]) == (b"." * 10, b"." * 10)
    assert content[10:20] != b"x" * 10
