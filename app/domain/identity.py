"""Identity of a customer: the rules by which a number and a LID belong to one person (K1, K4)."""

from enum import Enum, StrEnum, auto

from app.domain.identifiers import IdentityId


class AliasKind(StrEnum):
    """Kind of an alias of an identity."""

    NUMBER = "number"
    LID = "lid"
    USERNAME = "username"


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
