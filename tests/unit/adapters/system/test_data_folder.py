"""Data folder: prepared under any permissions of the folders above it."""

import errno
import os
import sys
from pathlib import Path

import pytest

from app.adapters.system.data_folder import prepare_data_folder
from app.domain.errors import DataFolderRefusedError, DiskFullError, FatalError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no folders to flush")


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Inodes of what was flushed; the file system then says that it cannot do that."""
    inodes: list[int] = []

    def refuse(handle: int) -> None:
        inodes.append(os.fstat(handle).st_ino)
        raise OSError

    monkeypatch.setattr(os, "fsync", refuse)
    return inodes


def _inodes(*folders: Path) -> list[int]:
    return [folder.stat().st_ino for folder in folders]


def test_every_folder_above_is_flushed_even_where_that_is_not_possible(
    tmp_path: Path, flushed: list[int]
) -> None:
    prepare_data_folder(tmp_path / "above" / "folder")
    assert flushed == _inodes(tmp_path / "above", tmp_path, *tmp_path.parents)


def test_a_folder_that_belongs_to_others_ends_the_way_up(
    tmp_path: Path, flushed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def open_ours(path: Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if Path(path) == tmp_path:
            raise PermissionError
        return really_open(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", open_ours)
    prepare_data_folder(tmp_path / "above" / "folder")
    assert flushed == _inodes(tmp_path / "above")


@pytest.mark.requirement("Z6")
@pytest.mark.parametrize(
    ("number", "refusal", "facts"),
    [
        (errno.ENOSPC, DiskFullError, {}),
        (errno.EROFS, DataFolderRefusedError, {"reason": "read_only"}),
        (errno.EACCES, DataFolderRefusedError, {"reason": "not_writable"}),
    ],
)
def test_data_folder_is_refused_with_its_reason(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    refusal: type[FatalError],
    facts: dict[str, str],
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    with pytest.raises(refusal) as raised:
        prepare_data_folder(tmp_path / "folder")
    assert raised.value.facts == facts
