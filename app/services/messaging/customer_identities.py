"""Connections between numbers and LIDs, with the changes of opt-outs, consents and waiting messages behind them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.identifiers import IdentityId
from app.domain.identity import Connection
from app.domain.lid import Address, Lid
from app.domain.notification import Notification
from app.domain.phone import NO_PHONE, Phone
from app.ports.clock import Clock
from app.ports.inbound import Inbound
from app.ports.store import Rows
from app.services.messaging.opt_out_guard import OptOutGuard
from app.services.notifications.contact_history import reassign_pending
from app.services.notifications.suppression import suppress_all_of

OnJoined = Callable[[Rows, Phone, Lid], None]


@dataclass(frozen=True, slots=True)
class CustomerIdentities:
    """Runs in the caller's transaction; the caller publishes the returned rows after the commit."""

    clock: Clock
    guard: OptOutGuard
    _on_joined: list[OnJoined] = field(default_factory=list, init=False)
    _changed_at: dict[IdentityId, datetime] = field(default_factory=dict, init=False)

    def on_joined(self, follow: OnJoined) -> None:
        """Call back, in the same transaction, when a number and a LID turn out to be one customer."""
        self._on_joined.append(follow)

    def has_changed(self, customer: IdentityId | None, since: datetime | None) -> bool:
        """Return whether this identity may have won or lost an address since then."""
        changed_at = self._changed_at.get(customer) if customer else None
        return changed_at is not None and (since is None or changed_at >= since)

    def connect(self, rows: Rows, phone: Phone, lid: Lid, *, live: bool = True) -> list[Notification]:
        """Record that both are addresses of one account; return the changed rows of the queue.

        An opt-out of either side holds for both (K1), and stays on both when a number moves on (K4).
        """
        at, former = self.clock.now(), rows.identities.of(phone)
        opt_out, before = rows.opt_outs.in_force(phone), {former, rows.identities.of(lid)}
        mapping = rows.identities.connect(phone, lid, at, live=live)
        if mapping not in {Connection.JOINED, Connection.MOVED}:
            return []
        if mapping is Connection.MOVED and opt_out:
            for side in (former, rows.identities.of(lid)):
                rows.opt_outs.add_to_identity(side, opt_out)
        for follow in self._on_joined:
            follow(rows, phone, lid)
        self._changed_at.update(dict.fromkeys(before, at))
        self.guard.unblock_former(rows.identities.of(lid), phone)
        left = rows.opt_outs.in_force(phone)
        if left is None:
            return reassign_pending(rows, phone)
        # A message that is being handed over just now bears the identity of before, which after a move is the former
        # owner's, who may not have opted out.
        if mapping is Connection.MOVED:
            self.guard.block_former(former, phone, left.confirmation_id)
        for customer in before if mapping is Connection.JOINED else before - {former}:
            self.guard.block(customer, left.confirmation_id)
        return suppress_all_of(rows, phone, at)

    def record_writer(self, rows: Rows, inbound: Inbound) -> list[Notification]:
        """Record the addresses that WhatsApp named with a message; return the changed rows of the queue."""
        lid, at = inbound.lid, self.clock.now()
        if lid is None:
            return []
        rows.identities.keep(lid, at)
        moved = self.connect(rows, inbound.phone, lid) if inbound.phone else []
        if inbound.username:
            rows.identities.name(lid, inbound.username, at)
        return moved


def writer_of(rows: Rows, inbound: Inbound) -> Address:
    """Return the writer's number; if WhatsApp hides it, the one known for the account, else the LID itself."""
    if inbound.phone:
        return inbound.phone
    lid = inbound.lid
    return NO_PHONE if lid is None else rows.identities.phone_of(lid) or lid


def shown_name(rows: Rows, lid: Lid) -> str:
    """Return `@username`, or an empty text for an account without one; a LID itself is never shown (K3)."""
    username = rows.identities.username_of(lid)
    return f"@{username}" if username else ""


def writers_of(rows: Rows, inbound: Inbound) -> Sequence[Address]:
    """Return the addresses of the writer, one for each identity: WhatsApp may name a number, a LID, or both."""
    named = reversed(addresses_named(inbound))
    return list({rows.identities.of(address): address for address in named}.values())[::-1]


def addresses_named(inbound: Inbound) -> list[Address]:
    """Return the addresses by which WhatsApp named the writer."""
    return [address for address in (inbound.phone, inbound.lid) if address]
