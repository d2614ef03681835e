"""Access: the acts that need the manager, the PIN's form, and the lock-out after wrong PINs (X5)."""

import unicodedata
from datetime import timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import BadPinError
from app.domain.visible_text import visible_text


class ProtectedAct(StrEnum):
    """Acts that need the manager while a PIN is set; the names are stored in the audit log."""

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


SHORTEST_PIN: Final = 4
LONGEST_PIN: Final = 12

FREE_TRIES: Final = 5
_WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600))


def canonical_pin(typed: str) -> str:
    """Return the PIN's digits in plain form; raises BadPinError for a PIN that could not be set.

    Blanks, and the digits of other alphabets or widths, make no difference: a pasted PIN is the typed one.
    """
    signs = unicodedata.normalize("NFKC", visible_text(typed))
    digits = "".join(_digit(sign) for sign in signs if not sign.isspace())
    if len(digits) < SHORTEST_PIN:
        raise BadPinError(reason="too_short")
    if len(digits) > LONGEST_PIN:
        raise BadPinError(reason="too_long")
    return digits


def lock_out(failures: int) -> timedelta:
    """Return the wait before the next try after so many wrong PINs in a row."""
    beyond = failures - FREE_TRIES
    return timedelta(0) if beyond < 0 else _WAITS[min(beyond, len(_WAITS) - 1)]


def _digit(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is None:
        raise BadPinError(reason="not_digits")
    return str(digit)
