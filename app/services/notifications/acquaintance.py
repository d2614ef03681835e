"""Writes down who has been told something and who wrote, for a stranger is treated with more care."""

from app.domain.contact import Contact
from app.domain.notification import Notification
from app.domain.opt_out import customer_forms
from app.ports.messenger import Inbound
from app.ports.store import Rows


def note_told(rows: Rows, notification: Notification) -> None:
    """In the transaction in which a message turns out to have been sent."""
    if notification.sent_at is None:
        return
    session_id, phone = notification.session_id, notification.phone
    known = rows.contacts.get(phone) or Contact(session_id)
    told = known.told(session_id, notification.sent_at)
    if told != known:
        rows.contacts.save(phone, told)


def note_wrote(rows: Rows, inbound: Inbound) -> None:
    """Under every spelling, for WhatsApp names many without their ninth digit; nothing where it hides the number."""
    for phone in customer_forms(inbound.phone) if inbound.phone else ():
        known = rows.contacts.get(phone)
        wrote = (known or Contact(inbound.session_id)).written(inbound.session_id, inbound.at)
        if wrote != known:
            rows.contacts.save(phone, wrote)
