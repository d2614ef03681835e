"""Dependencies of the services: the ports, and the configuration of the shop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from app.domain.identifiers import SessionId
from app.domain.lease import LeaseOwner
from app.domain.liveness import LivenessPolicy
from app.domain.offline_queue import OfflineQueuePolicy
from app.domain.queue_policy import QueuePolicy
from app.domain.rate_limit import RateLimitPolicy
from app.domain.recycling import RecyclingPolicy
from app.domain.template import MessageTemplate
from app.ports.entropy import Entropy
from app.ports.key_custody import KeyCustody
from app.ports.messenger import Messenger
from app.ports.paper import Paper
from app.ports.phone_numbers import PhoneNumbers
from app.ports.pin_hasher import PinHasher
from app.ports.store import Store
from app.ports.vault import Vault
from app.ports.version_counter import VersionCounter
from app.services.access.gate import AUTO_LOCK_AFTER
from app.services.clock.stepped_clock import SteppedClock
from app.services.templates.values import ShopProfile


@dataclass(frozen=True, slots=True)
class Ports:
    """Adapters, or their simulations, behind the ports that the services use."""

    store: Store
    messenger: Messenger
    vault: Vault
    clock: SteppedClock
    entropy: Entropy
    phone_numbers: PhoneNumbers
    owner: LeaseOwner
    owner_alive: Callable[[str], bool]
    version: VersionCounter
    paper: Paper
    pin_hasher: PinHasher
    custody: KeyCustody


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """Configuration of the services by the shop."""

    session_id: SessionId
    templates: tuple[MessageTemplate, ...]
    opt_out_texts: Mapping[str, str]
    invitation_words: Mapping[str, str]
    """Wording of the poster and of till receipts."""
    pickup_texts: Mapping[str, str]
    """Line under the *pronto* text that offers the pickup reply: `offer`."""
    own_number_texts: Mapping[str, str]
    """Messages to the shop's own number: `pin_code`."""
    shop: ShopProfile = field(default_factory=ShopProfile)
    queue: QueuePolicy = field(default_factory=QueuePolicy)
    auto_lock: timedelta = AUTO_LOCK_AFTER
    """Time without a protected act after which the gate locks itself."""
    area_code: str = "73"
    """Area code of the shop, which completes a number typed without one."""
    undo_window: timedelta = timedelta(0)
    rate_limits: RateLimitPolicy = field(default_factory=RateLimitPolicy)
    more_sessions: tuple[SessionId, ...] = ()
    take_over: bool = False
    """Whether failover is on: a second number may write to the customers of one that is out (Q9)."""
    read_receipts: bool = True
    """Whether WhatsApp is told which replies were opened at the counter."""
    retention: timedelta = timedelta(days=90)
    liveness: LivenessPolicy = field(default_factory=LivenessPolicy)
    recycling: RecyclingPolicy = field(default_factory=RecyclingPolicy)
    offline_queue: OfflineQueuePolicy = field(default_factory=OfflineQueuePolicy)
    client_version: str | None = None
    """Version of WhatsApp Web, if the shop has set it by hand."""

    @property
    def all_sessions(self) -> tuple[SessionId, ...]:
        """The shop's numbers, the default one first."""
        return (self.session_id, *self.more_sessions)
