"""Offer of a pickup reply under the *pronto* text: a setting, off at first (K9)."""

import json
from collections.abc import Callable
from typing import Final

from app.domain.errors import ManagerNeededError
from app.domain.events import PickupOfferSwitched
from app.domain.order import NotificationType
from app.domain.pickup_reply import with_offer
from app.ports.store import Rows, Store
from app.services.event_bus import EventBus
from app.services.storage.stored_settings import read_fields, read_flag

_NAME: Final = "pickup_replies"


class PickupOffer:
    """Switch that is `on` while "1" and "9" are offered and shown; the database keeps it.

    `line` is the sentence for customers; `may_change` says whether the person at the counter may switch it.
    """

    def __init__(self, store: Store, bus: EventBus, line: str, may_change: Callable[[], bool]) -> None:
        self._store, self._bus, self._may_change = store, bus, may_change
        self.line, self.on = line, False

    async def restore(self) -> None:
        """Load the stored position; an unreadable one is off."""
        self.on = await self._store.read(_stored)

    async def switch(self, *, on: bool) -> None:
        """Store the position, then put it into force and publish it; raises ManagerNeededError."""
        if not self._may_change():
            raise ManagerNeededError
        await self._store.transact(lambda rows: rows.settings.set(_NAME, json.dumps({"on": on})))
        self.on = on
        self._bus.publish(PickupOfferSwitched(on))

    def added_to(self, text: str, notification_type: NotificationType) -> str:
        """Return a rendered text, a *pronto* one with the offer below it while the offer is on."""
        offered = self.on and notification_type is NotificationType.READY
        return with_offer(text, self.line) if offered else text


def _stored(rows: Rows) -> bool:
    kept = read_fields(_NAME, rows.settings.get(_NAME), {"on": read_flag})
    return kept.get("on", False) is True
