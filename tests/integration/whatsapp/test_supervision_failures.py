"""What fails around a child, and is none of our errors, ends neither the supervision nor the session (Z2)."""

import asyncio
import logging
from datetime import timedelta

import pytest

from app.adapters.whatsapp.diagnostics import Diagnostics
from app.adapters.whatsapp.rpc_peer import RpcPeer
from app.adapters.whatsapp.sidecar import Sidecar
from app.adapters.whatsapp.supervisor import Supervisor
from app.domain.errors import SidecarGoneError
from app.ports.messenger import LinkChanged, LinkState
from tests.harness.waiting import wait_until
from tests.integration.whatsapp.conftest import MAIN, OPEN, Play, children_of

pytestmark = pytest.mark.requirement("Z2")

OPENS = {"on": {"connect": [["answer", {}], OPEN]}}
CLOSED = LinkChanged(MAIN, LinkState.CLOSED)


class FailsOnce:
    """Stands before a method and raises RuntimeError at its first call."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        self._method, self.calls = getattr(owner, name), 0
        called = self

        async def failing(*arguments: object) -> object:
            called.calls += 1
            if called.calls == 1:
                raise RuntimeError
            return await called._method(*arguments)

        monkeypatch.setattr(owner, name, failing)


@pytest.mark.parametrize(
    ("owner", "name"), [(Diagnostics, "pass_on"), (RpcPeer, "serve"), (Sidecar, "live"), (Sidecar, "ping")]
)
def test_supervisor_starts_another_child_when_one_cannot_be_looked_after(
    play: Play, monkeypatch: pytest.MonkeyPatch, owner: type, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    FailsOnce(monkeypatch, owner, name)

    async def story() -> None:
        async with play(OPENS) as scene:
            async with asyncio.TaskGroup() as tasks:
                connecting = tasks.create_task(scene.connect())
                while not connecting.done():
                    await asyncio.sleep(0.01)  # noqa: TID251 - the child is a real process
                    await scene.clock.advance(timedelta(seconds=0.5))
            await wait_until(lambda: scene.notes.links()[-1:] == [LinkChanged(MAIN, LinkState.OPEN)])
            await wait_until(lambda: len(children_of(scene.folder)) == 1)

    with caplog.at_level(logging.ERROR):
        asyncio.run(story())
    assert "a sidecar could not be looked after: RuntimeError" in caplog.messages


def test_session_whose_supervision_fails_is_closed_and_connects_again(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = FailsOnce(monkeypatch, Supervisor, "run")

    async def story() -> None:
        async with play(OPENS) as scene:
            with pytest.raises(SidecarGoneError):
                await scene.connect()
            await wait_until(lambda: CLOSED in scene.notes.told)
            await scene.connect()
            await wait_until(lambda: scene.notes.links()[-1:] == [LinkChanged(MAIN, LinkState.OPEN)])
            assert run.calls == 2

    asyncio.run(story())
