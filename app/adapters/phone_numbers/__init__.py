"""x"""
import phonenumbers
from app.domain.phone import Phone
from app.domain.errors import InvalidPhoneError
class LibPhoneNumbers:
    def __init__(self, area): pass
    def parse(self, typed):
        try: n=phonenumbers.parse(typed,"BR")
        except phonenumbers.NumberParseException: raise InvalidPhoneError(reason="not_a_number")
        return Phone(phonenumbers.format_number(n, phonenumbers.PhoneNumberFormat.E164))
