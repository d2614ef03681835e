"""How the scripted messenger, and WhatsApp behind it, answer when they are asked whether they live."""

from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.errors import SidecarGoneError
from app.domain.identifiers import SessionId
from app.ports.messenger import Pulse

if TYPE_CHECKING:
    from tests.simulators.scripted_process import ScriptedProcess

# As the real one: a process that does not answer for so long is ended.
_PROCESS_PATIENCE = timedelta(seconds=20)


async def pulse_of(messenger: "ScriptedProcess", session_id: SessionId, patience: timedelta) -> Pulse:
    if messenger.frozen:
        await messenger.clock.sleep(_PROCESS_PATIENCE)
        raise SidecarGoneError
    asked = messenger.clock.steady()
    took = messenger.pongs.popleft() if messenger.pongs else timedelta(0)
    await messenger.clock.sleep(patience if took is None else min(took, patience))
    answered = took is not None and took <= patience and session_id in messenger.open_sessions
    return Pulse(
        up_for=messenger.up_for,
        memory_bytes=messenger.memory_bytes,
        proved=asked + took if answered and took is not None else None,
        round_trip=took if answered else None,
        client_version=messenger.client_version,
    )
