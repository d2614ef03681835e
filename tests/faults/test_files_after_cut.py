"""What the program writes beside its database is there, whole, when it counts on it."""

import os
import random  # noqa: TID251 - from a seed
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.sqlite.restoration import finish, set_aside
from tests.harness.power.disk import NOTHING, Disk, Luck
from tests.harness.power.journal import (
    Act,
    Line,
    built_recorder,
    can_record,
    read_journal,
    recorded_environment,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not can_record(), reason="the recorder needs Linux and a C compiler"),
]

_PREPARE = """
from app.adapters.system.data_folder import prepare_data_folder
prepare_data_folder(root / "above" / "folder")
"""
_PREPARE_WHAT_A_KILLED_START_MADE = f"""
(root / "above" / "folder").mkdir(parents=True)
{_PREPARE}
"""
_KEEP_TWO_KEYS = """
from app.adapters.vault.owner_file import write_owner_file
write_owner_file(root / "device.key", "first" * 300)
write_owner_file(root / "device.key", "second" * 300)
"""
_RESTORE_A_COPY = """
from app.adapters.sqlite.restoration import put_in_place
from app.adapters.sqlite.atomic_files import copy_file, flush_folder
for name, content in (("d.db", "former"), ("d.db-wal", "log"), ("candidate", "copy")):
    (root.parent / name).write_text(content)
    copy_file(root.parent / name, root / name)
flush_folder(root)
put_in_place(root / "candidate", root / "d.db")
"""


def _recorded(work: Path, script: str) -> tuple[Path, list[Line]]:
    """The folder that the script knew as `root`, and what was done in it."""
    root, journal = work / "root", work / "journal"
    root.mkdir()
    environment = {**os.environ, **recorded_environment(built_recorder(work), journal, root, said=-1)}
    whole = f"import sys\nfrom pathlib import Path\nroot = Path(sys.argv[1])\n{script}"
    subprocess.run([sys.executable, "-c", whole, str(root)], check=True, timeout=30, env=environment)
    return root, read_journal(journal)[0]


def _left(root: Path, lines: list[Line], target: Path, luck: Luck, seed: int = 0) -> Path:
    disk = Disk(root)
    disk.follow(lines)
    disk.leave(target, luck, random.Random(seed))  # noqa: S311
    return target


@pytest.mark.requirement("Q4")
@pytest.mark.parametrize("script", [_PREPARE, _PREPARE_WHAT_A_KILLED_START_MADE])
def test_the_data_folder_is_there_for_good_before_anything_is_put_into_it(
    tmp_path: Path, script: str
) -> None:
    root, lines = _recorded(tmp_path, script)
    assert (_left(root, lines, tmp_path / "left", NOTHING) / "above" / "folder").is_dir()


@pytest.mark.requirement("Q4")
def test_key_file_is_absent_former_or_new_after_a_cut_and_stays_once_kept(tmp_path: Path) -> None:
    root, lines = _recorded(tmp_path, _KEEP_TWO_KEYS)
    found: list[str | None] = []
    for count in range(len(lines) + 1):
        for seed in range(5):
            luck = Luck(arrives=0.6, torn=0.3, garbage=0.1)
            kept = _left(root, lines[:count], tmp_path / f"left-{count}-{seed}", luck, seed) / "device.key"
            found.append(kept.read_text("ascii") if kept.exists() else None)
    assert set(found) == {None, "first" * 300, "second" * 300}
    assert (_left(root, lines, tmp_path / "left", NOTHING) / "device.key").read_text() == "second" * 300


@pytest.mark.requirement("Q4")
def test_restore_leaves_the_former_or_the_copy_wherever_the_power_goes(tmp_path: Path) -> None:
    root, lines = _recorded(tmp_path, _RESTORE_A_COPY)
    decided = next(place for place, line in enumerate(lines) if line.act is Act.RENAMED)
    found = set[tuple[str, str]]()
    for count in range(decided, len(lines) + 1):
        for seed in range(20):
            left = _left(root, lines[:count], tmp_path / f"left-{count}-{seed}", Luck(arrives=0.5), seed)
            database = left / "d.db"
            finish(database)
            former = set_aside(database) if set_aside(database).exists() else database
            found.add((database.read_text(), former.read_text()))
            assert former.with_name(former.name + "-wal").read_text() == "log"
    assert found == {("former", "former"), ("copy", "former")}
