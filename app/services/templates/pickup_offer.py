"""Offer of a pickup reply under the *pronto* text: a setting, off at first (K9)."""

import json
from typing import Final

from app.domain.access import ProtectedAct
from app.domain.events import PickupOfferSwitched
from app.domain.order import NotificationType
from app.domain.pickup_reply import with_offer
from app.ports.store import Rows, Store
from app.services.access.gate import AccessGate
from app.services.event_bus import EventBus
from app.services.storage.stored_settings import read_fields, read_flag

_NAME: Final = "pickup_replies"


class PickupOffer:
    """Switch that is `on` while "1" and "9" are offered and shown; the database keeps it.

    `line` is the sentence for customers; switching it needs the manager.
    """

    def __init__(self, store: Store, bus: EventBus, line: str, gate: AccessGate) -> None:
        self._store, self._bus, self._gate = store, bus, gate
        self.line, self.on = line, False

    async def restore(self) -> None:
        """Load the stored position; an unreadable one is off."""
        self.on = await self._store.read(_stored)

    async def switch(self, *, on: bool) -> None:
        """Store the position, then put it into force and publish it; raises ManagerNeededError."""
        await self._gate.authorize(ProtectedAct.CHANGE_SETTING)
        await self._store.transact(lambda rows: save_offer(rows, on=on))
        self.on = on
        self._bus.publish(PickupOfferSwitched(on))

    def added_to(self, text: str, notification_type: NotificationType) -> str:
        """Return a rendered text, a *pronto* one with the offer below it while the offer is on."""
        offered = self.on and notification_type is NotificationType.READY
        return with_offer(text, self.line) if offered else text


def save_offer(rows: Rows, *, on: bool) -> None:
    """Store the position in a transaction of the caller."""
    rows.settings.set(_NAME, json.dumps({"on": on}))


def _stored(rows: Rows) -> bool:
    kept = read_fields(_NAME, rows.settings.get(_NAME), {"on": read_flag})
    return kept.get("on", False) is True
