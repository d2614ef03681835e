"""Translation of the sidecar's notices to calls of the listener, in domain values."""

from datetime import timedelta

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_notices as notices
from app.adapters.whatsapp.addresses import number_of, phone_of, username_of
from app.adapters.whatsapp.failure_mapping import moment
from app.domain.close_policy import CloseCause
from app.domain.identifiers import MessageId, SessionId
from app.domain.lid import lid_of
from app.domain.phone import Phone
from app.domain.restriction import Restriction, RestrictionKind
from app.domain.session import QrCode
from app.ports.chat_timers import ChatTimer
from app.ports.clock import Clock
from app.ports.inbound import Inbound, UnreadMessage
from app.ports.messenger import LinkChanged, LinkState, MessengerListener, SeenAccount

OfflineNotice = notices.OfflineStanzaNotice | notices.OfflineRecordedNotice

# WhatsApp's number of seconds may be any, and a time span of Python's has a limit.
_CENTURY_S = 100 * 365 * 86_400


async def tell(
    listener: MessengerListener, session_id: SessionId, notice: notices.Notice, clock: Clock
) -> None:
    match notice:
        case notices.ConnectionNotice():
            await listener.link_changed(_link_changed(session_id, notice))
        case notices.QrNotice():
            until = clock.now() + timedelta(milliseconds=notice.lives_ms)
            await listener.qr_shown(session_id, QrCode(notice.text, until))
        case notices.PairingNotice():
            await listener.pairing_refused(session_id, notice.kind)
        case notices.ServerTimeNotice():
            await listener.time_told(session_id, moment(notice.at))
        case notices.RestrictionNotice():
            await listener.restricted(session_id, _restriction(notice))


def tell_at_once(listener: MessengerListener, session_id: SessionId, notice: OfflineNotice) -> None:
    match notice:
        case notices.OfflineStanzaNotice():
            unread = _unread_message(notice.message) if notice.message else None
            listener.offline_stanza_arrived(session_id, unread)
        case notices.OfflineRecordedNotice():
            listener.offline_message_recorded(session_id, MessageId(notice.message_id))


def _unread_message(told: notices.UnreadStanza) -> UnreadMessage:
    addresses = (number_of(told.number or ""), lid_of(told.lid))
    return UnreadMessage(MessageId(told.message_id), tuple(each for each in addresses if each))


def _restriction(notice: notices.RestrictionNotice) -> Restriction:
    return Restriction(
        kind=RestrictionKind(notice.kind),
        active=notice.active,
        until=None if notice.until is None else moment(notice.until),
        used=notice.used,
        total=notice.total,
    )


def _link_changed(session_id: SessionId, notice: notices.ConnectionNotice) -> LinkChanged:
    phone = phone_of(notice.account.jid) if notice.account else None
    return LinkChanged(
        session_id,
        LinkState(notice.state),
        notice.code,
        phone,
        cause=None if notice.cause is None else CloseCause(notice.cause),
        expires_in=None
        if notice.expires_in_s is None
        else timedelta(seconds=min(notice.expires_in_s, _CENTURY_S)),
    )


def inbound_of(session_id: SessionId, told: wire.InboundParams) -> Inbound:
    return Inbound(
        session_id=session_id,
        message_id=MessageId(told.message_id),
        phone=Phone(told.number) if told.number else None,
        kind=told.kind,
        text=told.text,
        at=moment(told.at),
        live=told.live,
        lid=lid_of(told.lid),
        jid=told.jid or None,
        about=MessageId(told.about) if told.about else None,
        username=username_of(told.username),
    )


def seen_accounts_of(told: wire.MappingsParams) -> list[SeenAccount]:
    """Return the account ids that are well formed; a number that is none drops its pair."""
    return [seen for each in told.mappings if (seen := _seen_account(each))]


def chat_timers_of(told: wire.ChatTimersParams) -> list[ChatTimer]:
    """Return the timers of chats with a well-formed address."""
    found = (
        ChatTimer(number_of(each.number or ""), lid_of(each.lid), each.seconds, moment(each.at))
        for each in told.timers
    )
    return [timer for timer in found if timer.phone or timer.lid]


def _seen_account(told: wire.OneMapping) -> SeenAccount | None:
    lid, phone = lid_of(told.lid), number_of(told.number or "")
    if lid is None or (told.number is not None and phone is None):
        return None
    return SeenAccount(phone, lid, username_of(told.username), told.live)
