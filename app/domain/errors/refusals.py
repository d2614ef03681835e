"""Refusals: the person who asked must change something, and nothing was done."""

from app.domain.errors.root import CocoLokoError


class TellPersonError(CocoLokoError):
    """The person who asked must change something; nothing was done."""


class InvalidPhoneError(TellPersonError):
    """`facts['reason']` is one of empty, letters, too_short, too_long, unknown_area, not_a_number."""

    code = "invalid_phone"


class PairingCodeRefusedError(TellPersonError):
    """WhatsApp gave no pairing code for this number, or did not say so in time (S1)."""

    code = "pairing_code_refused"


class CredentialsUnreadableError(TellPersonError):
    """What is kept of the session is no credentials of a form that this program knows: it has to be paired again."""

    code = "credentials_unreadable"


class UnknownVariableError(TellPersonError):
    code = "unknown_variable"


class UnclosedVariableError(TellPersonError):
    code = "unclosed_variable"


class TemplateTooLongError(TellPersonError):
    code = "template_too_long"


class TemplateEmptyError(TellPersonError):
    code = "template_empty"


class TextBracesError(TellPersonError):
    """`{{`, `}}`, `[[` or `]]` in a text that goes out as it is: nothing would fill it in (T7)."""

    code = "text_braces"


class TextBrokenError(TellPersonError):
    """A sign of the text was lost on its way here: U+FFFD, or half of a surrogate pair."""

    code = "text_broken"


class TemplateInactiveError(TellPersonError):
    code = "template_inactive"


class UnknownOrderError(TellPersonError):
    code = "unknown_order"


class UnknownReplyError(TellPersonError):
    """Nobody wrote this about the order, or WhatsApp hides the number of whoever did."""

    code = "unknown_reply"


class UnknownNotificationError(TellPersonError):
    code = "unknown_notification"


class NoNumberError(TellPersonError):
    """No number of the shop is paired, so nobody can write to it."""

    code = "no_number"


class PaperRefusedError(TellPersonError):
    """`facts['reason']` is ending or not_writable."""

    code = "paper_refused"


class NotAllowedNowError(TellPersonError):
    """The notification is in a state from which this act makes no sense."""

    code = "not_allowed_now"


class OvertakenError(TellPersonError):
    """The customer has been told of a later stage already."""

    code = "overtaken"


class OrderOverError(TellPersonError):
    """The order was cancelled, has expired or was deleted."""

    code = "order_over"


class OrderAheadError(TellPersonError):
    """The order has reached a later stage already, by other hands."""

    code = "order_ahead"


class AlreadyLeftError(TellPersonError):
    """Too late to take it back."""

    code = "already_left"


class OptedOutError(TellPersonError):
    """The customer asked for no more messages (X1)."""

    code = "opted_out"


class NotOptedOutError(TellPersonError):
    code = "not_opted_out"


class ReasonMissingError(TellPersonError):
    code = "reason_missing"


class ManagerNeededError(TellPersonError):
    code = "manager_needed"


class UnknownCommandError(TellPersonError):
    code = "unknown_command"


class BadFieldError(UnknownCommandError):
    """`facts['field']` is the name of the field that is missing or not accepted, never its value."""

    code = "bad_field"
