"""Process of the scripted messenger: what it answers about itself and about the way to WhatsApp."""

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.identifiers import SessionId
from app.ports.messenger import Pulse
from tests.simulators.scripted_accounts import ScriptedAccounts
from tests.simulators.scripted_pulse import pulse_of


@dataclass
class ScriptedProcess(ScriptedAccounts):
    ping_error: Exception | None = None
    pongs: deque[timedelta | None] = field(default_factory=deque)
    """How long the next questions to WhatsApp take, in order; None is never answered. When there is none, at once."""
    frozen: bool = False
    """Nobody answers anything, not even the process."""
    memory_bytes: int = 1
    up_for: timedelta = timedelta(0)
    client_version: str | None = None
    reachable: bool = True
    """Whether the server takes a TCP connection."""
    looks: list[bool] = field(default_factory=list)
    """Answers to `is_reachable`."""
    pings: list[timedelta] = field(default_factory=list)

    async def ping(self, session_id: SessionId, patience: timedelta = timedelta(0)) -> Pulse:
        self.pings.append(patience)
        if self.ping_error:
            raise self.ping_error
        self._need_process(session_id)
        return await pulse_of(self, session_id, patience)

    async def is_reachable(self, session_id: SessionId, patience: timedelta) -> bool:  # noqa: ARG002 - the port's signature
        self._need_process(session_id)
        self.looks.append(self.reachable)
        return self.reachable
