"""Notices of the wire: what the sidecar tells without being asked."""

from typing import Annotated, Literal

from pydantic import Field

from app.adapters.whatsapp.wire_messages import Account, Count, WireMessage

_DAY_MS = 24 * 3_600_000


class Notice(WireMessage):
    """Notice of a connection; `generation` is the number given to its `connect`."""

    generation: Count


class ConnectionNotice(Notice):
    state: Literal["connecting", "paired", "open", "drained", "closed"]
    code: int | None
    cause: Literal["no_internet", "name_resolution", "refused", "certificate", "clock", "service_down"] | None
    expires_in_s: Count | None
    account: Account | None


class QrNotice(Notice):
    text: str
    lives_ms: Annotated[int, Field(ge=0, le=_DAY_MS)]


class PairingNotice(Notice):
    kind: Literal["passkey", "registration_refresh"]


class ServerTimeNotice(Notice):
    at: Count


class RestrictionNotice(Notice):
    kind: Literal["time_lock", "new_chat_cap"]
    active: bool
    until: Count | None
    used: Count | None
    total: Count | None


class UnreadStanza(WireMessage):
    message_id: str
    number: str | None
    lid: str | None


class OfflineStanzaNotice(Notice):
    message: UnreadStanza | None


class OfflineRecordedNotice(Notice):
    message_id: str
