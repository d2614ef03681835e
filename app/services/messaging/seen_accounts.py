"""Recorder of the numbers, LIDs and usernames that WhatsApp names beside its messages."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from app.domain.events import NotificationChanged
from app.domain.lid import Address
from app.domain.notification import Notification
from app.ports.clock import Clock
from app.ports.messenger import SeenAccount
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.messaging.customer_identities import CustomerIdentities

# The history of a phone names thousands: other writers get their turn in between.
_AT_ONCE: Final = 50


class SeenAccounts:
    """Keeps what is said of customers; the history names everyone in the phone, who are no customers of ours."""

    def __init__(self, store: Store, bus: EventBus, clock: Clock, identities: CustomerIdentities) -> None:
        self._store, self._bus, self._clock, self._identities = store, bus, clock, identities

    async def record(self, accounts: Sequence[SeenAccount]) -> None:
        """Record the accounts, on disk when this returns; idempotent."""
        for start in range(0, len(accounts), _AT_ONCE):
            part = accounts[start : start + _AT_ONCE]
            moved = await self._store.transact(partial(self._record, accounts=part))
            self._bus.publish(*map(NotificationChanged, moved))

    def _record(self, rows: Rows, *, accounts: Sequence[SeenAccount]) -> list[Notification]:
        moved = list[Notification]()
        for seen in accounts:
            lid = seen.lid
            if not any(_is_customer(rows, each) for each in (lid, seen.phone) if each):
                continue
            if seen.phone:
                moved += self._identities.connect(rows, seen.phone, lid, live=seen.live)
            if seen.username and seen.live:
                rows.identities.name(lid, seen.username, self._clock.now())
        return moved


def _is_customer(rows: Rows, address: Address) -> bool:
    """Return whether the address is known; an opt-out of an earlier version has no alias."""
    return rows.identities.knows(address) or rows.opt_outs.in_force(address) is not None
