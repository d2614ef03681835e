"""Identities of customers in the store in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from app.domain.contact import merged_contacts
from app.domain.identifiers import IdentityId
from app.domain.identity import Connection, KnownAliases, connection_of
from app.domain.lid import Address, Lid, address_forms
from app.domain.notification import UNFINISHED
from app.domain.phone import NO_PHONE, Phone

if TYPE_CHECKING:
    from tests.simulators.memory_tables import Tables

# A moment is kept anew at most once a day, as on disk.
_SEEN_AGAIN: Final = timedelta(days=1)
_IDS: Final = UUID("0b1f4e0c-6a57-5d0e-9a3e-0c6d7f1f7c22")


@dataclass(frozen=True)
class MemoryAlias:
    """Address or username of a customer, with the moment at which each of its spellings was seen."""

    identity: IdentityId
    seen: Mapping[Address | str, datetime]
    seen_at: datetime
    """The latest of these moments, also after retention has emptied them."""


def canonical(address: Address) -> Address:
    return address_forms(address)[0]


def first_identity(address: Address) -> IdentityId:
    """Return the identity of an address that was never connected with another."""
    return IdentityId(uuid5(_IDS, canonical(address).text))


class MemoryIdentityRows:
    def __init__(self, tables: "Tables") -> None:
        self._tables = tables
        self._aliases, self._usernames = tables.aliases, tables.usernames

    def of(self, address: Address) -> IdentityId:
        known = self._aliases.get(canonical(address))
        return known.identity if known else first_identity(address)

    def knows(self, address: Address) -> bool:
        return canonical(address) in self._aliases

    def same(self, one: Address, other: Address) -> bool:
        return NO_PHONE not in (one, other) and self.of(one) == self.of(other)

    def keep(self, address: Address, at: datetime) -> IdentityId:
        known = self._aliases.get(canonical(address))
        seen_at = known.seen.get(address) if known else None
        if seen_at is None or abs(at - seen_at) >= _SEEN_AGAIN:
            self._see(address, at)
        return self.of(address)

    def _see(self, address: Address, at: datetime) -> None:
        known = self._aliases.get(canonical(address))
        seen = {**(known.seen if known else {}), address: at}
        self._aliases[canonical(address)] = MemoryAlias(self.of(address), seen, max(seen.values()))

    def connect(self, phone: Phone, lid: Lid, at: datetime, *, live: bool = True) -> Connection:
        lid_known, current = lid in self._aliases, phone if live else self.phone_of(lid) or phone
        # A number from the history is older than one that was seen with a message.
        number, account = self.keep(phone, at if live else at - _SEEN_AGAIN), self.keep(lid, at)
        has_lid = any(isinstance(key, Lid) and each.identity == number for key, each in self._aliases.items())
        mapping = connection_of(number, account, number_has_lid=has_lid, live=live)
        if mapping is Connection.JOINED:
            self._merge(*((account, number) if lid_known else (number, account)))
        elif mapping is Connection.MOVED:
            kept = self._aliases[canonical(phone)]
            self._aliases[canonical(phone)] = replace(kept, identity=account)
            self._follow({canonical(phone)}, number, account)
        if mapping is not Connection.CONTRADICTED and self.phone_of(lid) != current:
            self._see(current, at)
        return mapping

    def name(self, lid: Lid, username: str, at: datetime) -> None:
        identity = self.keep(lid, at)
        for known, owner in tuple(self._usernames.items()):
            if owner.identity == identity:
                del self._usernames[known]
        self._usernames[username] = MemoryAlias(identity, {username: at}, at)

    def phone_of(self, lid: Lid) -> Phone | None:
        return self.aliases_of(self.of(lid)).phone

    def lid_of(self, phone: Phone) -> Lid | None:
        return self.aliases_of(self.of(phone)).lid

    def username_of(self, lid: Lid) -> str | None:
        return self.aliases_of(self.of(lid)).username

    def aliases_of(self, identity: IdentityId) -> KnownAliases:
        seen = {address: at for each in self._of(identity) for address, at in each.seen.items()}
        phones = [address for address in seen if isinstance(address, Phone)]
        named = {
            name: each for name, each in self._usernames.items() if each.identity == identity and each.seen
        }
        return KnownAliases(
            max(phones, key=seen.__getitem__, default=None),
            next((address for address in seen if isinstance(address, Lid)), None),
            max(named, key=lambda name: named[name].seen_at, default=None),
        )

    def any_lid_of(self, identity: IdentityId) -> Lid | None:
        """Return a LID of the identity, even one that retention has emptied."""
        lids = ((key, each) for key, each in self._aliases.items() if isinstance(key, Lid))
        return next((lid for lid, each in lids if each.identity == identity), None)

    def _of(self, identity: IdentityId) -> list[MemoryAlias]:
        return [each for each in self._aliases.values() if each.identity == identity]

    def _merge(self, kept: IdentityId, gone: IdentityId) -> None:
        for address, alias in tuple(self._aliases.items()):
            if alias.identity == gone:
                self._aliases[address] = replace(alias, identity=kept)
        for name, owner in tuple(self._usernames.items()):
            if owner.identity == gone:
                self._usernames[name] = replace(owner, identity=kept)
        if former := self._tables.contacts.pop(gone, None):
            other = self._tables.contacts.get(kept)
            self._tables.contacts[kept] = merged_contacts(other, former) if other else former
        timers = self._tables.chat_timers
        for customer, session_id in [chat for chat in timers if chat[0] == gone]:
            former_timer, own = timers.pop((customer, session_id)), timers.get((kept, session_id))
            timers[kept, session_id] = former_timer if own is None or former_timer[0] >= own[0] else own
        self._follow(None, gone, kept)

    def _follow(self, addresses: set[Address] | None, former: IdentityId, owner: IdentityId) -> None:
        rows = self._tables.notifications
        for key, row in tuple(rows.items()):
            theirs = row.customer == former and row.state in UNFINISHED
            if theirs and (addresses is None or canonical(row.phone) in addresses):
                rows[key] = replace(row, customer=owner)
