"""Contact history of customers: messages sent and received; first contacts have stricter limits."""

from dataclasses import replace
from datetime import datetime

from app.domain.account import KnownNumber, WhatsAppAccount
from app.domain.contact import Contact
from app.domain.identifiers import SessionId
from app.domain.lid import Address
from app.domain.notification import Notification, State
from app.domain.phone import customer_forms
from app.ports.inbound import Inbound
from app.ports.store import Rows


def record_sent(rows: Rows, *notifications: Notification) -> None:
    """Record the first message sent to each customer, in the transaction that proves it sent."""
    contacts = dict(rows.contacts.get_all([each.phone for each in notifications if each.sent_at]))
    for each in notifications:
        if each.sent_at is None:
            continue
        known = contacts.get(each.phone) or Contact(each.session_id)
        # By our own clock, like all that the rate limiter compares it with; `sent_at` is WhatsApp's.
        told = known.with_sent(each.session_id, each.sending_at or each.sent_at)
        if told != known:
            rows.contacts.save(each.phone, told)
            contacts[each.phone] = told


def record_inbound(rows: Rows, customer: Address, inbound: Inbound, now: datetime) -> None:
    """Record that the customer wrote, under whichever alias."""
    at = now if inbound.live else min(inbound.at, now)
    known = rows.contacts.get(customer)
    wrote = (known or Contact(inbound.session_id)).with_inbound(inbound.session_id, at)
    if wrote != known:
        rows.contacts.save(customer, wrote)


def record_trusted(rows: Rows, customer: Address, session_id: SessionId, now: datetime) -> bool:
    """Record a customer whose chat with the shop is older than this program; return whether they were unknown.

    WhatsApp lets the shop write to them even in a time lock, as to a customer who wrote first.
    """
    known = rows.contacts.get(customer)
    if known and known.known:
        return False
    rows.contacts.save(customer, Contact(session_id, first_inbound_at=now))
    return True


def record_account(rows: Rows, inbound: Inbound, at: datetime) -> None:
    """Record the writer's account under each spelling; WhatsApp need not be asked for it (P2)."""
    if inbound.phone is None or inbound.jid is None:
        return
    for phone in customer_forms(inbound.phone):
        known = rows.numbers.get(phone)
        lid = inbound.lid.text if inbound.lid else (known.account.lid if known and known.account else None)
        rows.numbers.save(KnownNumber(phone, WhatsAppAccount(inbound.jid, lid), at))


def reassign_pending(rows: Rows, customer: Address) -> list[Notification]:
    """Reassign this customer's unsent messages to the number they wrote to; return the changed rows (Q9)."""
    moved = []
    for row in rows.notifications.unfinished_of([customer]):
        contact = rows.contacts.get(row.phone)
        never_left = row.state is State.PENDING and row.sending_at is None and row.lease is None
        if contact and never_left and contact.session_id != row.session_id:
            moved.append(replace(row, session_id=contact.session_id))
            rows.notifications.save(moved[-1])
    return moved
