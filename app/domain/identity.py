"""Identity of a customer: the rules by which a number and a LID belong to one person (K1, K4)."""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from app.domain.identifiers import IdentityId
from app.domain.lid import Address, Lid
from app.domain.phone import Phone


class AliasKind(StrEnum):
    """Kind of an alias of an identity."""

    NUMBER = "number"
    LID = "lid"
    USERNAME = "username"


@dataclass(frozen=True, slots=True)
class KnownAliases:
    """Aliases of one identity as they were last seen; each is None where it is unknown or was emptied."""

    phone: Phone | None = None
    lid: Lid | None = None
    username: str | None = None

    @property
    def address(self) -> Address | None:
        """Return the address under which the customer is found, the number first."""
        return self.phone or self.lid


class Connection(Enum):
    """Result of a mapping between a number and a LID."""

    KNOWN = auto()
    """Both belonged to one identity before."""
    JOINED = auto()
    """The identity of the number had no LID: both sides are one customer from now on."""
    MOVED = auto()
    """The number belonged to another LID: it was registered anew, and is a new person's (K4)."""
    CONTRADICTED = auto()
    """Mapping from the history that disagrees with a newer mapping; it changes nothing."""


def connection_of(number: IdentityId, account: IdentityId, *, number_has_lid: bool, live: bool) -> Connection:
    """Return what a mapping means; two identities with a LID each are never merged.

    A mapping that is not `live` comes from WhatsApp's history and may be older than the one that is known.
    """
    if number == account:
        return Connection.KNOWN
    if not number_has_lid:
        return Connection.JOINED
    return Connection.MOVED if live else Connection.CONTRADICTED
