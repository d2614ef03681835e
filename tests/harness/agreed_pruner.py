"""Pruner over clocks that agree with each other and with WhatsApp."""

from datetime import timedelta

from app.ports.store import Store
from app.services.clock.stepped_clock import SteppedClock
from app.services.clock.trusted_time import TrustedTime
from app.services.notifications.pruner import Pruner
from tests.contracts.asked_store import NOW
from tests.simulators.moved_clock import MovedClock


def pruner_of(
    store: Store, retention: timedelta = timedelta(days=90), clock: MovedClock | None = None
) -> Pruner:
    """Both clocks show NOW, and WhatsApp has just said so."""
    shown = SteppedClock(clock or MovedClock(NOW))
    trusted = TrustedTime(shown)
    trusted.hear(NOW)
    trusted.mark_dated(NOW)
    return Pruner(store, shown, trusted, lambda: retention)
