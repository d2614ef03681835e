"""Single instance: one process per data folder, and the identity of this process."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.adapters.system.data_folder import prepare_data_folder
from app.adapters.system.process_identity import owner_alive, this_process
from app.adapters.system.single_instance import SingleInstance
from app.domain.errors import DataFolderInUseError, DataFolderRefusedError
from app.domain.lease import LeaseOwner

ROOT = Path(__file__).parents[4]
HOLD = """
import sys
from pathlib import Path
from app.adapters.system.process_identity import this_process
from app.adapters.system.single_instance import SingleInstance
with SingleInstance(Path(sys.argv[1])):
    print(this_process(), flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_is_gone_even_by_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout
        owner = first.stdout.readline().strip()
        with pytest.raises(DataFolderInUseError), SingleInstance(tmp_path):
            pytest.fail("two processes hold the folder")
        assert owner_alive(owner)
        os.kill(first.pid, signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL)
        first.wait(timeout=10)
    assert not owner_alive(owner)
    for _ in range(2):
        with SingleInstance(tmp_path):
            assert owner_alive(str(this_process()))


@pytest.mark.requirement("Z6")
@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, None])
def test_single_instance_is_refused_when_locks_do_not_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int | None
) -> None:
    def flock(*_: object) -> None:
        """Says that it cannot, or lets everybody have the lock, as some network file systems do."""
        if number is not None:
            raise OSError(number, "no locks here")

    with monkeypatch.context() as broken:
        broken.setattr("fcntl.flock", flock)
        with pytest.raises(DataFolderRefusedError) as refusal, SingleInstance(tmp_path):
            pytest.fail("it was held")
    assert refusal.value.facts == {"reason": "no_locks"}
    with SingleInstance(tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="no zombies there")
def test_a_process_that_has_ended_and_is_not_yet_buried_is_dead() -> None:
    script = "from app.adapters.system.process_identity import this_process; print(this_process())"
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as ended:
        assert ended.stdout
        owner = ended.stdout.read().strip()
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        assert not owner_alive(owner)


@pytest.mark.parametrize("owner", ["", "1", "x/y/z", "1/2/3/4", "-1/0/0", f"{2**70}/0/0"])
def test_a_text_that_names_no_process_names_nobody_alive(owner: str) -> None:
    assert not owner_alive(owner)


def test_a_pid_that_came_again_is_somebody_else() -> None:
    me = this_process()
    assert not owner_alive(str(LeaseOwner(me.pid, "0", me.boot)))
    assert not owner_alive(str(LeaseOwner(me.pid, me.started, "another boot")))


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
def test_a_new_data_folder_is_private_and_an_old_one_keeps_its_modes(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    prepare_data_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o750)
    prepare_data_folder(folder)
    assert folder.stat().st_mode & 0o777 == 0o750
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataFolderRefusedError) as not_writable:
        prepare_data_folder(tmp_path / "file" / "data")
    assert not_writable.value.facts == {"reason": "is_a_file"}
    monkeypatch.setattr("app.adapters.system.data_folder.ROOM_NEEDED", 2**70)
    with pytest.raises(DataFolderRefusedError) as no_room:
        prepare_data_folder(tmp_path / "data")
    assert no_room.value.facts["reason"] == "no_room"
