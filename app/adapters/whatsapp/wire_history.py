"""Messages of the wire about the chats that the shop's phone pushes."""

from typing import Literal

from app.adapters.whatsapp.wire_messages import WireMessage


class ReadHistoryParams(WireMessage):
    notice: str


class ReadHistoryResult(WireMessage):
    outcome: Literal["read", "unusable", "failed"]


class HistoryNoticeParams(WireMessage):
    notice_id: str
    notice: str
