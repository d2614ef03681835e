"""Numbers of other countries: old spellings of Mexico and Argentina, and the lengths that are possible."""

import re
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from app.domain.errors import InvalidPhoneError

# Mexico's 1 of a mobile, and the prefixes for calling one, all ended in 2019; WhatsApp still writes the 1.
_OLD_MEXICAN: Final = re.compile(r"52(?:0?1|01|044|045)(\d{10})")
# Argentina's 9 replaces the 15 in the middle; people write both.
_DOUBLED_ARGENTINE: Final = re.compile(r"549(0?\d{2,4}15\d{6,8})")
_REASONS: Final = {
    ValidationResult.TOO_SHORT: "too_short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "too_short",
    ValidationResult.TOO_LONG: "too_long",
    ValidationResult.INVALID_LENGTH: "not_a_number",
}


def foreign_number(digits: str) -> str:
    """Return the E.164 number of these digits, the country's own first; raises InvalidPhoneError.

    The length decides, not a table of the ranges in use: WhatsApp has ranges that are newer than the table, and is
    asked for the account before a message is sent (P2).
    """
    digits = _OLD_MEXICAN.sub(r"52\1", digits) if _OLD_MEXICAN.fullmatch(digits) else digits
    if len(digits) > 13 and (doubled := _DOUBLED_ARGENTINE.fullmatch(digits)):
        digits = f"54{doubled[1]}"
    parsed = parsed_number(f"+{digits}")
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def parsed_number(number: str) -> phonenumbers.PhoneNumber:
    """Parse an international number by its length, not by its range; raises InvalidPhoneError."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException as error:
        too_short = error.error_type == NumberParseException.TOO_SHORT_AFTER_IDD
        raise InvalidPhoneError(reason="too_short" if too_short else "not_a_number") from None
    if reason := _REASONS.get(phonenumbers.is_possible_number_with_reason(parsed)):
        raise InvalidPhoneError(reason=reason)
    return parsed
