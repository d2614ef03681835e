"""Methods of the wire by direction, with the shapes of their params and results."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import ConfigDict, TypeAdapter

from app.adapters.whatsapp import wire_history
from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_notices as notices

P = TypeVar("P", bound=wire.WireMessage)
R = TypeVar("R")

# As with the messages themselves, a parser is built when it is first needed.
_LATE: Final = ConfigDict(defer_build=True)


@dataclass(frozen=True)
class Method(Generic[P, R]):
    """Method of the wire with the shapes of its params and result."""

    name: str
    params: type[P]
    result: TypeAdapter[R]


PING: Final = Method("ping", wire.PingParams, TypeAdapter(wire.PingResult))
CONNECT: Final = Method("connect", wire.ConnectParams, TypeAdapter(wire.EmptyParams))
DISCONNECT: Final = Method("disconnect", wire.EmptyParams, TypeAdapter(wire.EmptyParams))
LOGOUT: Final = Method("logout", wire.EmptyParams, TypeAdapter(wire.EmptyParams))
PAIRING_CODE: Final = Method("pairing_code", wire.PairingCodeParams, TypeAdapter(wire.PairingCodeResult))
FIND_NUMBERS: Final[Method[wire.FindNumbersParams, wire.NumbersAnswered | wire.NumbersNotAsked]] = Method(
    "find_numbers", wire.FindNumbersParams, TypeAdapter(wire.FindNumbersResult, config=_LATE)
)
MARK_READ: Final = Method("mark_read", wire.MarkReadParams, TypeAdapter(wire.EmptyParams))
SEND_TEXT: Final[Method[wire.SendTextParams, wire.SendTextOutcome]] = Method(
    "send_text", wire.SendTextParams, TypeAdapter(wire.SendTextResult, config=_LATE)
)
REFRESH_SESSION: Final = Method("refresh_session", wire.RefreshSessionParams, TypeAdapter(wire.EmptyParams))
REACH_SERVER: Final = Method("reach_server", wire.ReachServerParams, TypeAdapter(wire.ReachServerResult))
READ_HISTORY: Final = Method(
    "read_history", wire_history.ReadHistoryParams, TypeAdapter(wire_history.ReadHistoryResult)
)

KEYS_GET: Final = Method("keys.get", wire.KeysGetParams, TypeAdapter(wire.KeysGetResult))
KEYS_SET: Final = Method("keys.set", wire.KeysSetParams, TypeAdapter(wire.EmptyParams))
CREDS_SAVE: Final = Method("creds.save", wire.CredsSaveParams, TypeAdapter(wire.EmptyParams))
SENT_TEXT_GET: Final = Method("sent_text.get", wire.SentTextGetParams, TypeAdapter(wire.SentTextGetResult))
RECEIPTS: Final = Method("receipts", wire.ReceiptsParams, TypeAdapter(wire.ReceiptsResult))
INBOUND: Final = Method("inbound", wire.InboundParams, TypeAdapter(wire.EmptyParams))
MAPPINGS: Final = Method("mappings", wire.MappingsParams, TypeAdapter(wire.EmptyParams))
CHAT_TIMERS: Final = Method("chat_timers", wire.ChatTimersParams, TypeAdapter(wire.EmptyParams))
ABOUT_TO_WRITE: Final = Method(
    "about_to_write", wire.AboutToWriteParams, TypeAdapter(wire.AboutToWriteResult)
)
HISTORY_NOTICE: Final = Method(
    "history_notice", wire_history.HistoryNoticeParams, TypeAdapter(wire.EmptyParams)
)

PYTHON_ASKS: Final[tuple[Method[Any, Any], ...]] = (
    PING,
    CONNECT,
    DISCONNECT,
    LOGOUT,
    PAIRING_CODE,
    FIND_NUMBERS,
    MARK_READ,
    SEND_TEXT,
    REFRESH_SESSION,
    REACH_SERVER,
    READ_HISTORY,
)
SIDECAR_ASKS: Final[tuple[Method[Any, Any], ...]] = (
    KEYS_GET,
    KEYS_SET,
    CREDS_SAVE,
    SENT_TEXT_GET,
    RECEIPTS,
    INBOUND,
    MAPPINGS,
    CHAT_TIMERS,
    ABOUT_TO_WRITE,
    HISTORY_NOTICE,
)
SIDECAR_TELLS: Final[Mapping[str, type[notices.Notice]]] = {
    "connection": notices.ConnectionNotice,
    "qr": notices.QrNotice,
    "pairing_notice": notices.PairingNotice,
    "restriction": notices.RestrictionNotice,
    "server_time": notices.ServerTimeNotice,
    "offline_stanza": notices.OfflineStanzaNotice,
    "offline_recorded": notices.OfflineRecordedNotice,
}

WRONG_VERSION: Final = 1001
ADDRESS_REFUSED: Final = 1002
NOT_CONNECTED: Final = 1003
CODE_REFUSED: Final = 1004
CREDENTIALS_UNREADABLE: Final = 1005
INVALID_PARAMS: Final = -32602
UNKNOWN_METHOD: Final = -32601
FAILED_INSIDE: Final = -32603
