"""Refusals: a person must change the input first, and no change was made."""

from app.domain.errors.root import CocoLokoError


class RefusalError(CocoLokoError):
    """Refusal of a person's request, without any change made; the person must change the input first."""


class InvalidPhoneError(RefusalError):
    """`facts['reason']` is one of empty, letters, too_short, too_long, unknown_area, not_a_number."""

    code = "invalid_phone"


class PairingCodeRefusedError(RefusalError):
    """WhatsApp refused a pairing code for this number, or did not answer in time (S1)."""

    code = "pairing_code_refused"


class CredentialsUnreadableError(RefusalError):
    """The stored credentials have no form that this program knows: the session has to be paired again."""

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
    """`{{`, `}}`, `[[` or `]]` in a text that goes out unrendered: no value would replace it (T7)."""

    code = "text_braces"


class TextBrokenError(RefusalError):
    """A sign of the text was lost on its way here: U+FFFD, or half of a surrogate pair."""

    code = "text_broken"


class TemplateInactiveError(RefusalError):
    code = "template_inactive"


class UnknownOrderError(RefusalError):
    code = "unknown_order"


class UnknownReplyError(RefusalError):
    """The order has no such reply, or WhatsApp hides its writer's number."""

    code = "unknown_reply"


class UnknownNotificationError(RefusalError):
    code = "unknown_notification"


class NoNumberError(RefusalError):
    """No number of the shop is paired, so no customer can write to it."""

    code = "no_number"


class PaperRefusedError(RefusalError):
    """`facts['reason']` is ending or not_writable."""

    code = "paper_refused"


class NotAllowedNowError(RefusalError):
    """The notification's state does not allow this action."""

    code = "not_allowed_now"


class SupersededError(RefusalError):
    """The customer was already told of a later stage."""

    code = "overtaken"


class OrderEndedError(RefusalError):
    """The order was cancelled, has expired or was deleted."""

    code = "order_over"


class OrderAheadError(RefusalError):
    """The order was already moved to a later stage by another person or its source."""

    code = "order_ahead"


class OrderMovedError(RefusalError):
    """Another person, or its source, has moved the order since."""

    code = "order_moved"


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


class SettingRefusedError(RefusalError):
    """`facts` are name, value and allowed values.

    `reason` is unknown or not_on_screen for a name without a screen, first_number for its id among the further ones.
    """

    code = "setting_refused"


class BadPinError(RefusalError):
    """`facts['reason']` is too_short, too_long or not_digits; the PIN itself is in no fact."""

    code = "bad_pin"


class WrongPinError(RefusalError):
    code = "wrong_pin"


class PinLockedOutError(RefusalError):
    """Too many wrong PINs; `facts['seconds']` are left."""

    code = "pin_locked_out"


class NoPinError(RefusalError):
    """No PIN is set, so no PIN can be forgotten."""

    code = "no_pin"


class BadPinCodeError(RefusalError):
    """Not the six digits of a reset code; no try is counted."""

    code = "bad_pin_code"


class WrongPinCodeError(RefusalError):
    """Another code was sent; `facts['tries']` are left."""

    code = "wrong_pin_code"


class PinCodeVoidError(RefusalError):
    """No code is in force: none was requested, or it was used, expired or guessed at too often."""

    code = "pin_code_void"


class TooManyPinCodesError(RefusalError):
    """Another code may be requested in `facts['minutes']`."""

    code = "too_many_pin_codes"


class PinCodeNotSendableError(RefusalError):
    """`facts['reason']` is not_connected or paused."""

    code = "pin_code_not_sendable"


class PhraseNotRepeatedError(RefusalError):
    """The word at `facts['position']` is not the one that was shown."""

    code = "phrase_not_repeated"


class WrongPhraseError(RefusalError):
    """A well-formed recovery phrase that is not the one in force."""

    code = "wrong_phrase"


class UnknownCommandError(RefusalError):
    code = "unknown_command"


class BadFieldError(UnknownCommandError):
    """`facts['field']` is the name of the missing or unaccepted field, never its value."""

    code = "bad_field"
