"""Access: the acts that need the manager, the PIN's form, and the lock-out after wrong PINs (X5)."""

import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import BadPinCodeError, BadPinError
from app.domain.visible_text import visible_text


class ProtectedAct(StrEnum):
    """Acts that need the manager while a PIN is set, and recorded forms of them that do not.

    The names are stored in the audit log.
    """

    PAIR = "pair"
    RELINK = "relink"
    UNLINK = "unlink"
    EDIT_TEMPLATE = "edit_template"
    CHANGE_SETTING = "change_setting"
    LIFT_OPT_OUT = "lift_opt_out"
    SET_PIN = "set_pin"
    REMOVE_PIN = "remove_pin"
    READ_AUDIT_LOG = "read_audit_log"
    MAKE_PHRASE = "make_phrase"
    ROTATE_KEYS = "rotate_keys"
    REQUEST_PIN_CODE = "request_pin_code"
    RESET_PIN_BY_CODE = "reset_pin_by_code"


PIN_CODE_DIGITS: Final = 6
PIN_CODE_LIVES: Final = timedelta(minutes=10)
PIN_CODE_TRIES: Final = 5
PIN_CODES_PER_HOUR: Final = 3
"""Limits of the code that removes a forgotten PIN: a guess is right once in 66,000 hours."""

SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 12

FREE_TRIES: Final = 5
_WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600))


def canonical_pin(typed: str) -> str:
    """Return the PIN's digits in plain form; raises BadPinError for a PIN that could not be set.

    Blanks, and the digits of other alphabets or widths, make no difference: a pasted PIN is the typed one.
    """
    digits = _plain_digits(typed)
    if digits is None:
        raise BadPinError(reason="not_digits")
    if len(digits) < SHORTEST_PIN:
        raise BadPinError(reason="too_short")
    if len(digits) > LONGEST_PIN:
        raise BadPinError(reason="too_long")
    return digits


def canonical_pin_code(typed: str) -> str:
    """Return the digits of a reset code in plain form; raises BadPinCodeError for what can be none.

    A hyphen makes no difference either: phones may show the code in two groups.
    """
    digits = _plain_digits(typed.replace("-", ""))
    if digits is None or len(digits) != PIN_CODE_DIGITS:
        raise BadPinCodeError
    return digits


def lock_out(failures: int) -> timedelta:
    """Return the wait before the next try after so many wrong PINs in a row."""
    beyond = failures - FREE_TRIES
    return timedelta(0) if beyond < 0 else _WAITS[min(beyond, len(_WAITS) - 1)]


def _plain_digits(typed: str) -> str | None:
    """Return the digits without blanks; None if there is another sign among them."""
    signs = unicodedata.normalize("NFKC", visible_text(typed))
    digits = [unicodedata.digit(sign, None) for sign in signs if not sign.isspace()]
    return None if None in digits else "".join(map(str, digits))
