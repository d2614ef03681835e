"""What WhatsApp said about a telephone number."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.domain.phone import Phone

FOUND_FOR = timedelta(days=30)
NOT_FOUND_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WhatsAppAccount:
    """`jid` as WhatsApp spells it; `lid` is its account id that hides the number, where it was told."""

    jid: str = field(repr=False)
    lid: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """An answer that is kept; `account` None means that the number has no WhatsApp."""

    phone: Phone
    account: WhatsAppAccount | None
    checked_at: datetime

    def fresh_at(self, now: datetime) -> bool:
        """Whether the answer still counts (P2)."""
        age = now - self.checked_at
        return timedelta(0) <= age < (FOUND_FOR if self.account else NOT_FOUND_FOR)

    def with_lid_of(self, former: "KnownNumber | None") -> "KnownNumber":
        """Return the answer with the account id known before, where it names the same account without one."""
        own, known = self.account, former.account if former else None
        if own is None or known is None or own.jid != known.jid or own.lid:
            return self
        return replace(self, account=known)


@dataclass(frozen=True, slots=True)
class CouldNotAsk:
    """WhatsApp gave no answer; this is never taken for a yes or a no."""

    kind: str


NumberAnswer = WhatsAppAccount | None | CouldNotAsk
