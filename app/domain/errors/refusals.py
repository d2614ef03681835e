"""Refusals: the person who asked must change something, and nothing was done."""

from app.domain.errors.root import CocoLokoError


class RefusalError(CocoLokoError):
    """The person who asked must change something; nothing was done."""


class InvalidPhoneError(RefusalError):
    """`facts['reason']` is one of empty, letters, too_short, too_long, unknown_area, not_a_number."""

    code = "invalid_phone"


class PairingCodeRefusedError(RefusalError):
    """WhatsApp gave no pairing code for this number, or did not say so in time (S1)."""

    code = "pairing_code_refused"


class CredentialsUnreadableError(RefusalError):
    """What is kept of the session is no credentials of a form that this program knows: it has to be paired again."""

    code = "credentials_unreadable"


class UnknownVariableError(RefusalError):
    code = "unknown_variable"


class UnclosedVariableError(RefusalError):
    code = "unclosed_variable"


class TemplateTooLongError(RefusalError):
    code = "template_too_long"


class TemplateEmptyError(RefusalError):
    code = "template_empty"


class TextBracesError(RefusalError):
    """`{{`, `}}`, `[[` or `]]` in a text that goes out as it is: nothing would fill it in (T7)."""

    code = "text_braces"


class TextBrokenError(RefusalError):
    """A sign of the text was lost on its way here: U+FFFD, or half of a surrogate pair."""

    code = "text_broken"


class TemplateInactiveError(RefusalError):
    code = "template_inactive"


class UnknownOrderError(RefusalError):
    code = "unknown_order"


class UnknownReplyError(RefusalError):
    """Nobody wrote this about the order, or WhatsApp hides the number of whoever did."""

    code = "unknown_reply"


class UnknownNotificationError(RefusalError):
    code = "unknown_notification"


class NoNumberError(RefusalError):
    """No number of the shop is paired, so nobody can write to it."""

    code = "no_number"


class PaperRefusedError(RefusalError):
    """`facts['reason']` is ending or not_writable."""

    code = "paper_refused"


class NotAllowedNowError(RefusalError):
    """The notification is in a state from which this act makes no sense."""

    code = "not_allowed_now"


class SupersededError(RefusalError):
    """The customer has been told of a later stage already."""

    code = "overtaken"


class OrderEndedError(RefusalError):
    """The order was cancelled, has expired or was deleted."""

    code = "order_over"


class OrderAheadError(RefusalError):
    """The order has reached a later stage already, by other hands."""

    code = "order_ahead"


class AlreadySentError(RefusalError):
    """Too late to take it back."""

    code = "already_left"


class OptedOutError(RefusalError):
    """The customer asked for no more messages (X1)."""

    code = "opted_out"


class NotOptedOutError(RefusalError):
    code = "not_opted_out"


class ReasonMissingError(RefusalError):
    code = "reason_missing"


class ManagerNeededError(RefusalError):
    code = "manager_needed"


class UnknownCommandError(RefusalError):
    code = "unknown_command"


class BadFieldError(UnknownCommandError):
    """`facts['field']` is the name of the field that is missing or not accepted, never its value."""

    code = "bad_field"
