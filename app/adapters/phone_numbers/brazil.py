"""Rules of Brazilian numbers: prefixes, area codes, the ninth digit."""

import re

from app.domain.area_codes import AREA_CODES
from app.domain.errors import InvalidPhoneError

_OLD_MOBILE = "6789"
# Numbers without a place, which a business may register at WhatsApp; no area code ends in 0.
_OF_NO_PLACE = re.compile(r"[358]00\d{6,7}")


def national_number(digits: str, *, default_area: str, country_given: bool) -> str:
    """Return area code and local number, with a missing ninth digit added; raises InvalidPhoneError."""
    national = _without_prefixes(digits, country_given=country_given)
    # Nine digits alone are more likely a mistyped mobile.
    if _OF_NO_PLACE.fullmatch(national) and (country_given or national != digits or len(national) == 10):
        return national
    if len(national) in (8, 9):
        national = default_area + national
    if len(national) < 10:
        raise InvalidPhoneError(reason="too_short")
    if len(national) > 11:
        raise InvalidPhoneError(reason="too_long")
    area, local = national[:2], national[2:]
    if area not in AREA_CODES:
        raise InvalidPhoneError(reason="unknown_area")
    if len(local) == 8 and local[0] in _OLD_MOBILE:
        local = f"9{local}"
    return area + local


def _without_prefixes(digits: str, *, country_given: bool) -> str:
    """Drop 55, the trunk 0, and a carrier's two digits after it.

    55 is also an area code: without a plus sign it is the country only where the length is unambiguous.
    """
    if not country_given and digits.startswith("55") and len(digits) in (12, 13):
        digits = digits[2:]
    if digits.startswith("0") and len(digits) in (13, 14):
        return digits[3:]
    return digits.removeprefix("0")
