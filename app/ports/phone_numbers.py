"""Understanding telephone numbers as people type them."""

from typing import Protocol

from app.domain.phone import Phone


class PhoneNumbers(Protocol):
    def parse(self, typed: str) -> Phone:
        """The number in E.164, region Brazil where none is given; raises InvalidPhoneError (P1)."""
        ...
