"""Messages of the wire, validated strictly (resources/docs/protocol.md, section 1)."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

WIRE_VERSION = 8

Count = Annotated[int, Field(ge=0)]


class WireMessage(BaseModel):
    """Strict, closed, redacted message: neither its repr nor a failed validation shows its content.

    Its parser is built at the first message of its kind, not while the program starts.
    """

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, hide_input_in_errors=True, defer_build=True
    )

    def __repr_args__(self) -> list[tuple[str | None, object]]:
        return []

    def __str__(self) -> str:
        return repr(self)


class EmptyParams(WireMessage):
    """`{}`"""


class Account(WireMessage):
    jid: str
    lid: str | None


# --- requests of Python


class PingParams(WireMessage):
    wire_version: int
    patience_ms: Count


class PingResult(WireMessage):
    wire_version: int
    baileys: str
    node: str
    pid: int
    # 1e400 is valid JSON, and infinity in Python.
    steady_ms: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    memory_bytes: Count
    round_trip_ms: Count | None
    answered_ms: int | None
    client_version: str | None


class ConnectParams(WireMessage):
    generation: Count
    credentials: str | None
    simulated_url: str | None
    connect_timeout_ms: Count
    query_timeout_ms: Count
    browser: Literal["windows_chrome", "macos_chrome", "ubuntu_chrome"]
    version: str | None
    known_version: str | None
    look_up_version: bool
    system_certificates: bool


class PairingCodeParams(WireMessage):
    number: str


class PairingCodeResult(WireMessage):
    code: Annotated[str, Field(min_length=8, max_length=8)]


class FindNumbersParams(WireMessage):
    customers: list[list[str]]


class FoundAccount(Account):
    trusted: bool


class NumbersAnswered(WireMessage):
    outcome: Literal["answered"]
    answers: list[list[FoundAccount] | None]


class NumbersNotAsked(WireMessage):
    outcome: Literal["could_not_ask"]
    kind: Literal["not_connected", "timeout", "rate_limited", "refused"]


FindNumbersResult = Annotated[NumbersAnswered | NumbersNotAsked, Field(discriminator="outcome")]


class MarkReadParams(WireMessage):
    jid: str
    message_ids: list[str]


class SendTextParams(WireMessage):
    jid: str
    text: str
    message_id: str
    not_after: Count
    ack_timeout_ms: Count
    noted: bool
    expiration_s: Count


class TextAccepted(WireMessage):
    outcome: Literal["accepted"]
    at: Count


class TextRejected(WireMessage):
    outcome: Literal["rejected"]
    kind: Literal[
        "not_connected",
        "too_late",
        "no_devices",
        "restricted",
        "stale_session",
        "rate_limited",
        "refused",
        "transient",
    ]
    code: int | None
    written: bool


class TextInDoubt(WireMessage):
    outcome: Literal["in_doubt"]
    reason: Literal["ack_timeout", "socket_closed", "keys_not_kept"]


SendTextOutcome = TextAccepted | TextRejected | TextInDoubt
SendTextResult = Annotated[SendTextOutcome, Field(discriminator="outcome")]


class RefreshSessionParams(WireMessage):
    jids: list[str]


class ReachServerParams(WireMessage):
    simulated_url: str | None
    timeout_ms: Count


class ReachServerResult(WireMessage):
    reachable: bool


# --- requests of the sidecar


class KeysGetParams(WireMessage):
    type: str
    ids: list[str]


class KeysGetResult(WireMessage):
    values: dict[str, str]


class KeysSetParams(WireMessage):
    changes: dict[str, dict[str, str | None]]


class CredsSaveParams(WireMessage):
    credentials: str
    account: Account | None


class SentTextGetParams(WireMessage):
    message_id: str


class SentTextGetResult(WireMessage):
    text: str | None
    expiration_s: Count


class OneReceipt(WireMessage):
    message_id: str
    level: Literal["accepted", "rejected", "sender", "retry", "copy", "delivered", "read"]
    code: int | None
    at: Count


class ReceiptsParams(WireMessage):
    receipts: list[OneReceipt]


class ReceiptsResult(WireMessage):
    kept: list[bool]


class InboundParams(WireMessage):
    message_id: str
    jid: str
    number: str | None
    lid: str | None
    username: str | None
    name: str | None
    kind: Literal[
        "text",
        "image",
        "video",
        "audio",
        "document",
        "sticker",
        "reaction",
        "edit",
        "deletion",
        "unreadable",
        "other",
    ]
    text: str | None
    about: str | None
    at: Count
    live: bool


class OneMapping(WireMessage):
    number: str | None
    lid: str
    username: str | None
    live: bool


class MappingsParams(WireMessage):
    mappings: list[OneMapping]


class OneChatTimer(WireMessage):
    number: str | None
    lid: str | None
    seconds: Count
    at: Count


class ChatTimersParams(WireMessage):
    timers: list[OneChatTimer]


class AboutToWriteParams(WireMessage):
    message_id: str


class AboutToWriteResult(WireMessage):
    allowed: bool


# --- notices of the sidecar
