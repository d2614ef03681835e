"""The child process is owned: it is restarted, it is ended, it is never left behind (S5)."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from app.domain.attempt import Rejected, RejectionKind
from app.domain.errors import SidecarCrashLoopError, SidecarGoneError
from app.domain.identifiers import MessageId
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.process_ends import running_after
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, OPEN, Play, Scene, children_of
from tests.simulators.moved_clock import let_tasks_run
from tests.simulators.scripted_sidecar import write_bundle

DIES = {"at_start": [["die", 1]]}
TROUBLE = LinkChanged(MAIN, LinkState.CLOSED, trouble="sidecar_keeps_dying")
ROOT = Path(__file__).parents[3]


async def due_in(scene: Scene, seconds: float) -> None:
    await wait_until(lambda: scene.clock.next_due == timedelta(seconds=seconds))


@pytest.mark.requirement("S5")
def test_four_deaths_before_it_was_ever_open_leave_one_try_a_minute(play: Play) -> None:
    async def story() -> None:
        async with play(DIES, DIES, DIES, DIES, DIES, {"on": {"connect": [["answer", {}], OPEN]}}) as scene:
            with pytest.raises(SidecarGoneError):
                await scene.connect()
            assert scene.starts == 4
            await wait_until(lambda: scene.notes.told == [TROUBLE])
            await scene.advance(59)
            with pytest.raises(SidecarCrashLoopError):
                await scene.connect()
            assert scene.starts == 4
            await scene.advance(1)
            await wait_until(lambda: scene.notes.told == [TROUBLE, TROUBLE])
            assert scene.starts == 5
            await due_in(scene, 60)
            await scene.advance(60)
            await scene.connect()
            await wait_until(lambda: scene.notes.links()[-1] == LinkChanged(MAIN, LinkState.OPEN))

    asyncio.run(story())


@pytest.mark.requirement("S5")
def test_child_that_had_been_open_comes_back_at_once_however_often_it_dies(play: Play) -> None:
    async def story() -> None:
        async with play(
            {"on": {"connect": [["answer", {}], OPEN], "refresh_session": [["die", 1]]}}
        ) as scene:
            for life in range(1, 7):
                await scene.connect()
                assert scene.starts == life
                with pytest.raises(SidecarGoneError):
                    await scene.messenger.refresh_session(MAIN, [])
                await wait_until(lambda: scene.notes.links()[-1:] == [LinkChanged(MAIN, LinkState.CLOSED)])
                scene.notes.told.clear()

    asyncio.run(story())


def test_a_child_that_does_not_greet_back_is_replaced(play: Play) -> None:
    async def story() -> None:
        async with play({"stubborn": True, "on": {"ping": [["never"]]}}, {}) as scene:
            async with asyncio.TaskGroup() as tasks:
                connecting = tasks.create_task(scene.connect())
                await wait_until(lambda: scene.starts == 1)
                for patience in (20, 1.5, 1):
                    await due_in(scene, patience)
                    await scene.advance(patience)
            assert connecting.done()
            assert scene.starts == 2

    asyncio.run(story())


@pytest.mark.parametrize("end", [["overlong"], ["close_stdout"]])
def test_a_child_whose_stream_is_broken_is_replaced(play: Play, end: list[str]) -> None:
    async def story() -> None:
        async with play({"on": {"connect": [["answer", {}], OPEN], "logout": [end]}}, {}) as scene:
            await scene.connect()
            with pytest.raises(SidecarGoneError):
                await scene.messenger.logout(MAIN)
            await wait_until(lambda: scene.notes.links()[-1] == LinkChanged(MAIN, LinkState.CLOSED))
            await scene.connect()
            assert scene.starts == 2

    asyncio.run(story())


def test_lines_that_are_no_messages_are_passed_over(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    garbage = [
        ["say", said] for said in ("Closing session: +5573999990000\n", "[1, 2]\n", '"x"\n', "\n", "{}\n")
    ]

    async def story() -> None:
        async with play({"at_start": garbage, "on": {"connect": [*garbage, ["answer", {}]]}}) as scene:
            await scene.connect()
            await scene.messenger.ping(MAIN)
            assert scene.starts == 1

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())
    assert "no message" in caplog.text
    assert "99999" not in caplog.text


def test_a_child_that_ends_with_its_input_is_not_signalled(
    play: Play, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async def story() -> None:
        async with play({}) as scene:
            await scene.connect()
        assert scene.notes.told == []

    caplog.set_level(logging.INFO)
    asyncio.run(story())
    assert "has ended with code 0" in caplog.text
    assert "terminated" not in caplog.text
    assert not children_of(tmp_path)


def test_a_stubborn_child_is_asked_terminated_and_killed(
    play: Play, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    async def story() -> None:
        async with play({"stubborn": True}) as scene:
            await scene.connect()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(scene.messenger.stop())
                for patience in (1.5, 1):
                    await due_in(scene, patience)
                    await scene.advance(patience)
            with pytest.raises(SidecarGoneError):
                await scene.connect()
            sent = await scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("3EB0"), timedelta(hours=9))
            assert sent == Rejected(RejectionKind.NOT_CONNECTED)

    asyncio.run(story())
    ending = [record.message for record in caplog.records if "the sidecar did not" in record.message]
    assert [message.rpartition(" ")[2] for message in ending] == ["terminated", "killed"]
    assert not children_of(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="there a process is not frozen by a signal")
@pytest.mark.requirement("S5")
def test_a_frozen_child_is_gone_within_seven_seconds(play: Play, tmp_path: Path) -> None:
    async def story() -> None:
        async with play({"on": {"send_text": [["never"]]}}) as scene:
            await scene.connect()
            (child,) = children_of(tmp_path)
            child.suspend()
            begun = scene.clock.steady()
            async with asyncio.TaskGroup() as tasks:
                never = scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("A"), timedelta(hours=9))
                tasks.create_task(never)
                await due_in(scene, 30)
                tasks.create_task(scene.messenger.stop())
                for patience in (2, 1.5, 1.5, 1):
                    await due_in(scene, patience)
                    await scene.advance(patience)
            assert scene.clock.steady() - begun <= timedelta(seconds=7)
            assert not children_of(tmp_path)

    asyncio.run(story())


@pytest.mark.parametrize("passed", [(), (2,), (2, 1.5), (2, 1.5, 1.5)])
def test_a_stop_that_is_cut_short_leaves_no_child_behind(
    play: Play, passed: tuple[float, ...], tmp_path: Path
) -> None:
    async def story() -> None:
        silent = {"stubborn": True, "on": {"send_text": [["never"]], "disconnect": [["never"]]}}
        async with play(silent) as scene:
            await scene.connect()
            async with asyncio.TaskGroup() as tasks:
                never = scene.messenger.send_text(MAIN, "1@lid", "oi", MessageId("A"), timedelta(hours=9))
                tasks.create_task(never)
                await due_in(scene, 30)
                stopping = tasks.create_task(scene.messenger.stop())
                await due_in(scene, 2)
                for length, following in zip(passed, (1.5, 1.5, 1), strict=False):
                    await scene.advance(length)
                    await due_in(scene, following)
                while not stopping.done():
                    stopping.cancel()
                    await let_tasks_run()
                await wait_until(lambda: not children_of(tmp_path))

    asyncio.run(story())


def test_diagnostics_of_the_child_pass_by_allowed_fields_only(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    entry = (
        '{"level":"warn","msg":"socket closed","error":"TypeError","code":428,'
        '"where":["main.ts:3","+5573999990000"],"jid":"5573999990000@s.whatsapp.net"}'
    )
    said = [
        entry,
        '{"level":"warn","msg":"to 5573999990000"}',
        "SyntaxError: 5573999990000",
        "at 5573999990000",
    ]

    async def story() -> None:
        async with play({"at_start": [["complain", line] for line in said]}) as scene:
            await scene.connect()

    caplog.set_level(logging.DEBUG)
    asyncio.run(story())
    told = [record.message for record in caplog.records if record.message.startswith("sidecar: ")]
    assert told == [
        "sidecar: socket closed error=TypeError code=428 where=main.ts:3",
        "sidecar: nothing that may be told",
        "sidecar: SyntaxError",
        "sidecar: a line that is no JSON (17 bytes)",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="a Windows parent cannot be killed by SIGKILL")
@pytest.mark.requirement("S5")
def test_the_child_ends_when_the_app_is_killed(tmp_path: Path) -> None:
    bundle = write_bundle(tmp_path, [{}])
    parent = textwrap.dedent(
        f"""
        import asyncio, logging, sys
        from pathlib import Path
        from app.adapters.whatsapp.node_command import NodeCommand
        from app.adapters.whatsapp.sidecar_process import SidecarProcess
        from tests.simulators.moved_clock import MovedClock

        async def main():
            command = NodeCommand(Path(sys.executable), Path({str(bundle)!r}), ())
            child = await SidecarProcess.spawn(command, MovedClock(), logging.getLogger())
            print(child.pid, flush=True)
            await child.watch()

        asyncio.run(main())
        """
    )
    with subprocess.Popen([sys.executable, "-c", parent], cwd=ROOT, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout
        child = psutil.Process(int(app.stdout.readline()))
        assert child.is_running()
        os.kill(app.pid, signal.SIGKILL)
        assert running_after([child], 10) == []
