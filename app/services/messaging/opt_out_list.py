"""List of the customers who have opted out, by pages and by number."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.identity import KnownAliases
from app.domain.opt_out import StandingOptOut
from app.ports.opt_out import LARGEST_PAGE
from app.ports.phone_numbers import PhoneNumbers
from app.ports.store import Rows, Store


@dataclass(frozen=True, slots=True)
class ListedOptOuts:
    """Part of the list, newest first; `next` continues it, None at its end."""

    opt_outs: Sequence[StandingOptOut]
    next: int | None


@dataclass(frozen=True, slots=True)
class OptOutList:
    """Reader of the opt-outs in force; whoever undoes one needs the manager, see `OptOuts.undo`."""

    store: Store
    phone_numbers: PhoneNumbers

    async def page(self, before: int | None = None) -> ListedOptOuts:
        """Return the first part that is not empty, each read of a bounded size; a customer is listed once."""
        found = ListedOptOuts((), before)
        while not found.opt_outs:
            found = await self.store.read(lambda rows, at=found.next: _page(rows, at))  # type: ignore[misc]
            if found.next is None:
                break
        return found

    async def find(self, phone: str) -> StandingOptOut | None:
        """Return the opt-out of the number as typed; raises InvalidPhoneError."""
        number = self.phone_numbers.parse(phone)

        def work(rows: Rows) -> StandingOptOut | None:
            opt_out = rows.opt_outs.in_force(number)
            username = rows.identities.aliases_of(rows.identities.of(number)).username
            return StandingOptOut(opt_out, KnownAliases(number, username=username)) if opt_out else None

        return await self.store.read(work)


def _page(rows: Rows, before: int | None) -> ListedOptOuts:
    page = rows.opt_outs.newest(LARGEST_PAGE, before)
    # An identity that was two before may have an opt-out from each.
    newest = dict(reversed([(identity or place, place) for place, (identity, _) in enumerate(page.rows)]))
    standing = (page.rows[place] for place in sorted(newest.values()))
    return ListedOptOuts(
        [
            StandingOptOut(opt_out, rows.identities.aliases_of(identity) if identity else KnownAliases())
            for identity, opt_out in standing
        ],
        page.next,
    )
