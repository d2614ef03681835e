"""Translation of wire results to domain values: outcomes, answers, receipts, errors."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.adapters.whatsapp import wire_messages as wire
from app.adapters.whatsapp import wire_vocabulary as words
from app.adapters.whatsapp.addresses import phone_of
from app.adapters.whatsapp.line_codec import LineTooLongError
from app.adapters.whatsapp.rpc_peer import BadAnswerError, NoAnswerError, RefusedError
from app.domain.account import CouldNotAsk, NumberAnswer, WhatsAppAccount
from app.domain.attempt import Accepted, InDoubt, Outcome, Rejected, RejectionKind
from app.domain.errors import (
    AddressRefusedError,
    CocoLokoError,
    CredentialsUnreadableError,
    NotConnectedError,
    PairingCodeRefusedError,
    SidecarGoneError,
    SidecarOutdatedError,
)
from app.domain.identifiers import MessageId
from app.domain.lid import lid_of
from app.domain.phone import Phone
from app.domain.receipt import Evidence, Receipt

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ERRORS: dict[int, type[CocoLokoError]] = {
    words.WRONG_VERSION: SidecarOutdatedError,
    words.ADDRESS_REFUSED: AddressRefusedError,
    words.NOT_CONNECTED: NotConnectedError,
    words.CODE_REFUSED: PairingCodeRefusedError,
    words.CREDENTIALS_UNREADABLE: CredentialsUnreadableError,
}
# Refused before the sidecar began: no part of the message can have left.
_NEVER_BEGUN = {
    words.WRONG_VERSION: RejectionKind.NOT_CONNECTED,
    words.NOT_CONNECTED: RejectionKind.NOT_CONNECTED,
    words.INVALID_PARAMS: RejectionKind.REFUSED,
    words.UNKNOWN_METHOD: RejectionKind.REFUSED,
}


_LAST = int((datetime(9999, 1, 1, tzinfo=UTC) - _EPOCH) / timedelta(milliseconds=1))


def moment(milliseconds: int) -> datetime:
    """Return a moment of the wire; it comes from WhatsApp's clock and may lie anywhere."""
    return _EPOCH + timedelta(milliseconds=min(milliseconds, _LAST))


def outcome_of(result: wire.SendTextOutcome) -> Outcome:
    match result:
        case wire.TextAccepted():
            return Accepted(moment(result.at))
        case wire.TextRejected():
            return Rejected(RejectionKind(result.kind), result.code)
        case wire.TextInDoubt():
            return InDoubt(result.reason)


def outcome_of_failure(failure: SidecarGoneError) -> Outcome:
    """Return the outcome of a send that was written to the sidecar and got no outcome."""
    match failure:
        case RefusedError() if failure.rpc_code in _NEVER_BEGUN:
            return Rejected(_NEVER_BEGUN[failure.rpc_code])
        case LineTooLongError():
            return Rejected(RejectionKind.REFUSED)
        case RefusedError() | BadAnswerError():
            return InDoubt("sidecar_failed")
        case NoAnswerError():
            return InDoubt("ack_timeout")
        case _:
            return InDoubt("sidecar_gone")


def error_of(refusal: RefusedError) -> CocoLokoError:
    """Return the domain's error for a wire error."""
    error = _ERRORS.get(refusal.rpc_code)
    return error() if error else SidecarGoneError(rpc_code=refusal.rpc_code)


def answers_of(
    result: wire.NumbersAnswered | wire.NumbersNotAsked, customers: Sequence[Sequence[Phone]]
) -> list[NumberAnswer]:
    """Return WhatsApp's answer for each customer; one without an answer of its own could not be asked."""
    if isinstance(result, wire.NumbersNotAsked):
        return [CouldNotAsk(result.kind)] * len(customers)
    if len(result.answers) != len(customers):
        return [CouldNotAsk("refused")] * len(customers)
    return [
        CouldNotAsk("refused") if accounts is None else _earliest(accounts, forms)
        for accounts, forms in zip(result.answers, customers, strict=True)
    ]


def _earliest(accounts: Sequence[wire.FoundAccount], forms: Sequence[Phone]) -> WhatsAppAccount | None:
    """Return, of several accounts, that of the earliest form asked (P2)."""

    def place(account: wire.FoundAccount) -> int:
        phone = phone_of(account.jid)
        return forms.index(phone) if phone in forms else len(forms)

    first = min(accounts, key=place, default=None)
    if first is None:
        return None
    lid = lid_of(first.lid)
    return WhatsAppAccount(first.jid, lid.text if lid else None, trusted=first.trusted)


def receipt_of(told: wire.OneReceipt) -> Receipt:
    return Receipt(MessageId(told.message_id), Evidence(told.level), moment(told.at), told.code)


def late_receipt_of(told: wire.SendTextOutcome, message_id: MessageId, heard: datetime) -> Receipt | None:
    """Return the evidence in a late outcome of a message in doubt; one that never left proves no refusal."""
    match told:
        case wire.TextAccepted():
            return Receipt(message_id, Evidence.ACCEPTED, moment(told.at))
        case wire.TextRejected(written=True):
            return Receipt(message_id, Evidence.REJECTED, heard, told.code)
        case _:
            return None
