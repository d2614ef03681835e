"""Remedy of each reason for a lost connection: the one action that a person can take (S3)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.domain.close_policy import CloseCause
from app.domain.errors import SidecarCrashLoopError
from app.domain.session import (
    BANNED,
    CODE_EXPIRED,
    CODE_REFUSED,
    CREDENTIALS_UNREADABLE,
    DEVICES_ENDED,
    LOGGED_OUT,
    LOGIN_REFUSED,
    MULTIDEVICE_MISMATCH,
    OTHER_NUMBER,
    OUTDATED,
    PASSKEY,
    QR_EXPIRED,
    REPLACED,
    SUSPENDED,
    SUSPENDED_UNTIL,
)


class Remedy(StrEnum):
    """Action of the button; the first three begin a new pairing, the others try the session again."""

    PAIR_AGAIN = "pair_again"
    OTHER_NUMBER = "other_number"
    NEW_CODE = "new_code"
    TRY_AGAIN = "try_again"
    USE_HERE = "use_here"

    @property
    def pairs(self) -> bool:
        return self in (Remedy.PAIR_AGAIN, Remedy.OTHER_NUMBER, Remedy.NEW_CODE)


REMEDIES: Final[Mapping[str, Remedy]] = {
    LOGGED_OUT: Remedy.PAIR_AGAIN,
    CREDENTIALS_UNREADABLE: Remedy.PAIR_AGAIN,
    DEVICES_ENDED: Remedy.PAIR_AGAIN,
    BANNED: Remedy.OTHER_NUMBER,
    PASSKEY: Remedy.OTHER_NUMBER,
    OTHER_NUMBER: Remedy.PAIR_AGAIN,
    QR_EXPIRED: Remedy.NEW_CODE,
    CODE_EXPIRED: Remedy.NEW_CODE,
    CODE_REFUSED: Remedy.NEW_CODE,
    REPLACED: Remedy.USE_HERE,
    OUTDATED: Remedy.TRY_AGAIN,
    SidecarCrashLoopError.code: Remedy.TRY_AGAIN,
    MULTIDEVICE_MISMATCH: Remedy.TRY_AGAIN,
    LOGIN_REFUSED: Remedy.TRY_AGAIN,
    SUSPENDED: Remedy.TRY_AGAIN,
    SUSPENDED_UNTIL: Remedy.TRY_AGAIN,
    **dict.fromkeys(CloseCause, Remedy.TRY_AGAIN),
}
