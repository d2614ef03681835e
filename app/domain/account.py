"""WhatsApp's answer about a telephone number, and how long it stays valid."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.lid import Address

FOUND_FOR = timedelta(days=30)
NOT_FOUND_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """Account with its `jid` as WhatsApp spells it; `lid` is the account id that hides the number, if known."""

    jid: str = field(repr=False)
    lid: str | None = field(default=None, repr=False)
    trusted: bool = field(default=False, compare=False)
    """Whether WhatsApp lets the shop write to it as to a known contact: it gave the shop its privacy token."""


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """Stored answer about an address; `account` is None for a number without WhatsApp."""

    phone: Address
    account: WhatsAppAccount | None
    checked_at: datetime

    def fresh_at(self, now: datetime) -> bool:
        """Return whether the answer is still valid (P2)."""
        age = now - self.checked_at
        return timedelta(0) <= age < (FOUND_FOR if self.account else NOT_FOUND_FOR)

    def with_lid_of(self, former: "KnownNumber | None") -> "KnownNumber":
        """Return the answer with the former account id, if that is known only there.

        Both answers must name the same account.
        """
        own, known = self.account, former.account if former else None
        if own is None or known is None or own.jid != known.jid or own.lid:
            return self
        return replace(self, account=known)


@dataclass(frozen=True, slots=True)
class CouldNotAsk:
    """WhatsApp gave no answer; never to be read as a yes or a no."""

    kind: str


NumberAnswer = WhatsAppAccount | None | CouldNotAsk
