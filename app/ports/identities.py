"""Rows of customers' identities, within one transaction."""

from datetime import datetime
from typing import Protocol

from app.domain.identifiers import IdentityId
from app.domain.identity import Connection, KnownAliases
from app.domain.lid import Address, Lid
from app.domain.phone import Phone


class IdentityRows(Protocol):
    """Identities, with the numbers, LIDs and usernames that are their aliases (K1).

    All spellings of a number are one alias. An id never changes; of two identities that turn out to be one, the id of
    the LID's stays.
    """

    def of(self, address: Address) -> IdentityId:
        """Return the customer's identity; an address that was never seen has one too."""
        ...

    def knows(self, address: Address) -> bool:
        """Return whether the address was ever recorded."""
        ...

    def same(self, one: Address, other: Address) -> bool:
        """Return whether both are addresses of one customer; NO_PHONE is no customer's."""
        ...

    def keep(self, address: Address, at: datetime) -> IdentityId:
        """Record that the address was seen at `at`; return its identity."""
        ...

    def connect(self, phone: Phone, lid: Lid, at: datetime, *, live: bool = True) -> Connection:
        """Record that WhatsApp gives this number and this LID to one account; contacts and waiting rows follow.

        A mapping that is not `live` comes from the history, and contradicts no other.
        """
        ...

    def name(self, lid: Lid, username: str, at: datetime) -> None:
        """Record the account's username; another account that had it has none any more."""
        ...

    def phone_of(self, lid: Lid) -> Phone | None:
        """Return the number of this account as it was last seen."""
        ...

    def lid_of(self, phone: Phone) -> Lid | None:
        """Return the LID of the account that has this number."""
        ...

    def username_of(self, lid: Lid) -> str | None: ...

    def aliases_of(self, identity: IdentityId) -> KnownAliases: ...
