"""Port of the parser for typed telephone numbers."""

from typing import Protocol

from app.domain.phone import Phone


class PhoneNumbers(Protocol):
    def parse(self, typed: str) -> Phone:
        """Return the number in E.164, in region Brazil by default; raises InvalidPhoneError (P1)."""
        ...
