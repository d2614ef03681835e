"""Ports of a shop under test: each one that a test does not name has a plain default."""

from typing import Any

from app import paths
from app.adapters.paper.printed_paper import PrintedPaper
from app.adapters.system.entropy import SystemEntropy
from app.adapters.vault.cipher import KeyRingVault
from app.adapters.vault.key_ring import new_key_ring
from app.domain.errors import InvalidPhoneError
from app.domain.lease import LeaseOwner
from app.domain.phone import Phone
from app.domain.setting_sources import SettingSources
from app.ports.messenger import Messenger
from app.ports.store import Store
from app.services.clock.stepped_clock import SteppedClock
from app.services.runtime.dependencies import Ports, ServiceConfig
from app.services.runtime.live_config import LiveConfig
from tests.simulators.memory_version import MemoryVersion
from tests.simulators.plain_custody import PlainCustody
from tests.simulators.plain_pin_hasher import PlainPinHasher


class PlainNumbers:
    """Parser that accepts E.164 alone."""

    def parse(self, typed: str) -> Phone:
        if not typed.startswith("+") or not typed[1:].isdigit():
            letters = any(map(str.isalpha, typed))
            raise InvalidPhoneError(reason="letters" if letters else "not_a_number")
        return Phone(typed)


def build_ports(store: Store, messenger: Messenger, clock: SteppedClock, **overrides: Any) -> Ports:
    """Return the ports with these fields replaced; without a vault, a new key ring is drawn from the entropy."""
    entropy = overrides.pop("entropy", None) or SystemEntropy()
    vault = overrides.pop("vault", None) or KeyRingVault(new_key_ring(entropy), entropy)
    defaults: dict[str, Any] = {
        "phone_numbers": PlainNumbers(),
        "owner": LeaseOwner(1, "now", "boot"),
        "owner_alive": lambda _: False,
        "version": MemoryVersion(),
        "paper": PrintedPaper(paths.fonts()),
        "pin_hasher": PlainPinHasher(),
        "custody": PlainCustody(entropy),
    }
    core = {"store": store, "messenger": messenger, "clock": clock, "entropy": entropy, "vault": vault}
    return Ports(**{**core, **defaults, **overrides})


def fixed(config: ServiceConfig) -> LiveConfig:
    """Return a configuration that no changed setting replaces."""
    return LiveConfig(SettingSources(), lambda _: config)
