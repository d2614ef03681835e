"""A crash of the program or of its Node process leaves no copy of its memory on the disk."""

import json
import os
import resource
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from app.adapters.system.core_dumps import forbid_error_reports
from app.adapters.whatsapp.node_command import installed_node

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def run_forbidden(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """Run `script` in a process that might dump its core, after it has forbidden that."""
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    whole = f"""
        import json, os, resource, subprocess, sys
        sys.path.insert(0, {str(ROOT)!r})
        from app.adapters.system.core_dumps import forbid_core_dumps
        resource.setrlimit(resource.RLIMIT_CORE, ({hard}, {hard}))
    """
    code = textwrap.dedent(whole) + textwrap.dedent(script)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=50, check=False
    )


def said(done: "subprocess.CompletedProcess[str]") -> Any:
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_process_that_crashes_leaves_no_core(tmp_path: Path) -> None:
    done = run_forbidden(tmp_path, "forbid_core_dumps(); os.abort()")
    assert done.returncode < 0
    assert list(tmp_path.iterdir()) == []


def test_node_child_inherits_the_limit_and_leaves_no_core(tmp_path: Path) -> None:
    script = f"""
        forbid_core_dumps()
        child = subprocess.Popen([{str(installed_node())!r}, "-e", "console.log(1); setInterval(() => 0, 1e6)"],
                                 stdout=subprocess.PIPE)
        child.stdout.readline()
        limits = open(f"/proc/{{child.pid}}/limits").read() if sys.platform == "linux" else ""
        subprocess.run(["kill", "-ABRT", str(child.pid)], check=True)
        print(json.dumps([limits, child.wait()]))
    """
    limits, code = said(run_forbidden(tmp_path, script))
    assert code < 0
    assert list(tmp_path.iterdir()) == []
    if sys.platform == "linux":
        (line,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert line.split()[4:6] == ["0", "0"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has dumpable processes")
def test_undumpable_process_can_still_look_at_itself_and_its_children(tmp_path: Path) -> None:
    """As anybody but root, whose own files in /proc belong to root from then on."""
    script = f"""
        import ctypes, faulthandler, psutil
        from app.adapters.system.process_identity import owner_alive, this_process
        # Whatever is imported late must be so before: nobody may not be allowed to read it.
        this_process(), psutil.Process().threads(), psutil.Process().status()
        if os.getuid() == 0:
            os.setgid({NOBODY}), os.setuid({NOBODY})
        forbid_core_dumps()
        me = psutil.Process()
        child = subprocess.Popen(["sleep", "9"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        parts = dict(
            dumpable=ctypes.CDLL(None).prctl(3, 0, 0, 0, 0),
            identity=owner_alive(str(this_process())),
            memory=me.memory_info().rss > 0,
            handles=me.num_fds() > 0,
            children=[each.pid for each in me.children()] == [child.pid],
            status=me.status(),
            child=psutil.Process(child.pid).name(),
            times=me.cpu_times().user >= 0,
            threads=len(me.threads()) > 0,
        )
        child.kill()
        child.wait()
        faulthandler.enable()
        print(json.dumps(parts))
    """
    parts = said(run_forbidden(tmp_path, script))
    wanted = {"dumpable": 0, "status": "running", "child": "sleep"}
    assert parts == {**dict.fromkeys(parts, True), **wanted}


def test_windows_error_reports_are_added_to_the_error_mode() -> None:
    class Kernel:
        mode = 0x8000

        def GetErrorMode(self) -> int:  # noqa: N802 - as Windows names it
            return self.mode

        def SetErrorMode(self, mode: int) -> None:  # noqa: N802
            self.mode = mode

    kernel = Kernel()
    forbid_error_reports(kernel)
    assert kernel.mode == 0x8003


@pytest.mark.parametrize("option", ["--headless", "--backup"])
def test_program_forbids_core_dumps_before_it_opens_anything(option: str, tmp_path: Path) -> None:
    started = [option] if option == "--headless" else [option, str(tmp_path / "copy")]
    arguments = [*started, "--data-dir", str(tmp_path / "missing" / "\0")]
    script = f"""
        from app.cli import main
        try:
            main({arguments!r})
        except (SystemExit, ValueError):
            pass
        print(json.dumps(resource.getrlimit(resource.RLIMIT_CORE)))
    """
    assert said(run_forbidden(tmp_path, script)) == [0, 0]
