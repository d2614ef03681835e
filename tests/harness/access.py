"""The access gate over a store of a test."""

from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.ports.clock import Clock
from app.ports.pin_hasher import PinHasher
from app.ports.store import Store
from app.ports.vault import Vault
from app.services.access.audit_log import AuditLog
from app.services.access.gate import AccessGate
from app.services.access.pin import ManagerPin
from app.services.event_bus import EventBus
from tests.simulators.moved_clock import MovedClock
from tests.simulators.plain_pin_hasher import PlainPinHasher


class AccessHarness:
    """PIN, audit log and gate, built anew over one store by each `restarted`."""

    def __init__(
        self,
        store: Store,
        clock: Clock | None = None,
        hasher: PinHasher | None = None,
        vault: Vault | None = None,
    ) -> None:
        entropy = SystemEntropy()
        self.store = store
        self.clock = clock or MovedClock()
        self.hasher = hasher or PlainPinHasher()
        self.vault = vault or KeyRingVault(new_key_ring(entropy), entropy)
        self.audit = AuditLog(store, self.vault, self.clock)
        self.pin = ManagerPin(store, self.vault, self.hasher, self.clock, self.audit)
        self.gate = AccessGate(self.pin, self.audit, self.clock, EventBus())

    async def restarted(self) -> "AccessHarness":
        again = AccessHarness(self.store, self.clock, self.hasher, self.vault)
        await again.pin.load()
        return again


async def open_access(store: Store, *, pin: str | None = None) -> AccessHarness:
    """Return the harness of a shop with this PIN, or without one."""
    access = AccessHarness(store)
    await access.pin.load()
    if pin is not None:
        await access.gate.set_pin(pin)
    return access
